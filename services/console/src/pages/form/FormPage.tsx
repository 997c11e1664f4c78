/** The form of any command, made from its description in the catalogue. */
import { useQuery } from '@tanstack/react-query';
import { Alert, App, Button, Card, Collapse, Form, Typography } from 'antd';
import { useEffect, useState } from 'react';
import { useKnown } from '../../api/catalogue';
import { request } from '../../api/client';
import type { Command, Row, Thing } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { go, usePlace } from '../../app/route';
import { Loading } from '../../app/states';
import { plain } from '../../values/format';
import { Conflict } from './Conflict';
import { Fields } from './Fields';
import { isConflict, useCommand, type Answer } from './useCommand';
import { bodyOf, filledFrom, identifying, isChange, partsOf, pathOf, splitFields, touched } from './values';

/** The state that the form was opened on: that of the card it was opened from. */
function useSeen(command: Command, id: string | null, version: string | null) {
  const known = useKnown();
  const now = id === null ? undefined : known.cardOf(command.kind, id);
  const card = now === undefined || version === null ? now : `${now}/at/${version}`;
  return useQuery({
    queryKey: ['form', card],
    queryFn: () => request<Thing>(card ?? ''),
    enabled: card !== undefined && command.begins !== true,
    staleTime: Infinity,
    gcTime: 0,
  });
}

export default function FormPage({ command }: { command: Command }) {
  const { search } = usePlace();
  const id = search.get('id');
  const seen = useSeen(command, id, search.get('version'));
  if (seen.isLoading) return <Loading />;
  return <CommandForm command={command} id={id} seen={seen.data} />;
}

interface CommandFormProps {
  command: Command;
  id: string | null;
  seen: Thing | undefined;
}

function CommandForm({ command, id, seen }: CommandFormProps) {
  const text = useText();
  const known = useKnown();
  const { message } = App.useApp();
  const [form] = Form.useForm<Row>();
  const { busy, problem, send } = useCommand(command);
  const { search } = usePlace();
  const versionSeen = search.get('version') ?? seen?.data.version;
  const [version, setVersion] = useState(versionSeen === undefined ? undefined : String(versionSeen));
  const { first, seldom } = splitFields(command);
  const digitsOf = (code: string | undefined) => known.digitsOf(code);
  const record = seen?.data ?? {};
  const named = partsOf(command, id);
  const begun = filledFrom(isChange(command) ? first : identifying(command), record, digitsOf);
  const currencyFilled: unknown = Form.useWatch('currency', form);
  const currency = [currencyFilled, record.currency].find((one) => typeof one === 'string');

  useEffect(() => {
    const faults = problem?.faults ?? [];
    const fields = faults.flatMap((one) => {
      const path = pathOf(one);
      return path === undefined ? [] : [{ name: path, errors: [one.message] }];
    });
    if (fields.length > 0) form.setFields(fields as never);
  }, [problem, form]);

  const done = (answer: Answer) => {
    const named = known.thingOf(answer.stream);
    const waits = answer.request !== undefined;
    void message.success(
      waits ? text('form.waits') : text('form.done', { name: command.label }),
    );
    const card = named === undefined ? undefined : known.cardOf(named.kind.name, named.id);
    go(card ?? '/', { replace: true });
  };
  const submit = async (filled: Row) => {
    const sent = isChange(command) ? touched(command.fields, filled, begun) : command.fields;
    const body = bodyOf(sent, filled, digitsOf, isChange(command) ? record : {});
    const { answer } = await send(body, command.version === true ? (version ?? '*') : undefined);
    if (answer !== null) done(answer);
  };
  const shared = { command, currency: currency as string | undefined, fixed: id === null ? [] : ['id', ...Object.keys(named)] };
  return (
    <div className="page form">
      <div className="page-head">
        <Typography.Title level={1}>{command.label}</Typography.Title>
        {id !== null && <Typography.Text type="secondary">{id}</Typography.Text>}
      </div>
      <Typography.Paragraph type="secondary">{plain(command.about)}</Typography.Paragraph>
      {problem !== null && !isConflict(problem) && (
        <Alert
          type="error"
          showIcon
          role="alert"
          title={problem.status === 0 ? text('problem.offline') : problem.title}
          description={problem.status === 0 ? text('problem.offlineHelp') : problem.message}
          style={{ marginBottom: 16 }}
        />
      )}
      {isConflict(problem) && (
        <Conflict command={command} id={id} seen={record} onTaken={setVersion} />
      )}
      <Card>
        <Form
          form={form}
          layout="vertical"
          initialValues={{ ...begun, ...named, ...(id === null ? {} : { id }) }}
          scrollToFirstError
          onFinish={(filled) => void submit(filled)}
        >
          <Fields fields={first} {...shared} />
          {seldom.length > 0 && (
            <Collapse
              ghost
              items={[
                {
                  key: 'more',
                  label: text('form.more'),
                  children: <Fields fields={seldom} {...shared} />,
                },
              ]}
            />
          )}
          <div className="bar" style={{ marginTop: 16, marginBottom: 0 }}>
            <Button type="primary" htmlType="submit" loading={busy}>
              {command.label}
            </Button>
            <Button onClick={() => window.history.back()}>{text('form.cancel')}</Button>
          </div>
        </Form>
      </Card>
    </div>
  );
}
