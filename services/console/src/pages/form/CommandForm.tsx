/** What a command asks for: filled in, sent once, and led to what is wrong where it is refused. */
import { App, Card, Form, Input, Typography } from 'antd';
import { useEffect, useState, type KeyboardEvent } from 'react';
import { useKnown } from '../../api/catalogue';
import type { Command, Row, Thing } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { go, usePlace } from '../../app/route';
import { plain } from '../../values/format';
import { begunWith, givenIn, keepUsual } from './begun';
import { Conflict } from './Conflict';
import { FaultList } from './FaultList';
import { faultsOf, type FormFault } from './faults';
import { FOLDED, sectionsOf } from './sections';
import { SectionList } from './SectionList';
import { SendBar } from './SendBar';
import { isConflict, useCommand, type Answer } from './useCommand';
import { useDraft } from './useDraft';
import { bodyOf, filledFrom, isChange, partsOf, pathOf, shownAtFirst, touched } from './values';

interface CommandFormProps {
  command: Command;
  id: string | null;
  seen: Thing | undefined;
  onAnew: () => void;
}

export function CommandForm({ command, id, seen, onAnew }: CommandFormProps) {
  const text = useText();
  const known = useKnown();
  const { message } = App.useApp();
  const [form] = Form.useForm<Row>();
  const { busy, problem, send } = useCommand(command);
  const { search } = usePlace();
  const versionSeen = search.get('version') ?? seen?.data.version;
  const [version, setVersion] = useState(versionSeen === undefined ? undefined : String(versionSeen));
  const given = givenIn(command, search);
  const draft = useDraft([command.name, id, version, ...Object.values(given).map(String)]);
  const [faults, setFaults] = useState<FormFault[]>([]);
  const [tried, setTried] = useState(0);
  const [unfolded, setUnfolded] = useState(false);
  const digitsOf = (code: string | undefined) => known.digitsOf(code);
  const record = seen?.data ?? {};
  const named = partsOf(command, id);
  // What the page is of stands in its head, and is not asked for.
  const fixed = id === null ? [] : ['id', ...Object.keys(named)];
  const sections = sectionsOf(command, fixed);
  const begun = filledFrom(shownAtFirst(command), record, digitsOf);
  const currencyFilled: unknown = Form.useWatch('currency', form);
  const currency = [currencyFilled, record.currency].find((one) => typeof one === 'string');

  const look = () => setFaults(faultsOf(command.fields, form.getFieldsError() as never));
  const lead = ({ path }: FormFault) => {
    const isFolded = sections.some((one) => one.title === FOLDED && one.fields.some(({ name }) => name === path[0]));
    if (isFolded) setUnfolded(true);
    // What was folded can be gone to once it is open.
    window.setTimeout(() => form.scrollToField(path as never, { block: 'center', focus: true }), isFolded ? 400 : 0);
  };
  useEffect(() => {
    const fields = (problem?.faults ?? []).flatMap((one) => {
      const path = pathOf(one);
      return path === undefined ? [] : [{ name: path, errors: [one.message] }];
    });
    if (fields.length > 0) form.setFields(fields as never);
    if (problem === null) return;
    setFaults(faultsOf(command.fields, fields));
    setTried((n) => n + 1);
  }, [problem, form, command]);

  const done = (answer: Answer, filled: Row) => {
    draft.drop();
    keepUsual(command, filled);
    const found = known.thingOf(answer.stream);
    const waits = answer.request !== undefined;
    void message.success(waits ? text('form.waits') : text('form.done', { name: command.label }));
    const card = found === undefined ? undefined : known.cardOf(found.kind.name, found.id);
    go(card ?? '/', { replace: true });
  };
  const submit = async (filled: Row) => {
    setFaults([]);
    const sent = isChange(command) ? touched(command.fields, filled, begun) : command.fields;
    const body = bodyOf(sent, filled, digitsOf, isChange(command) ? record : {});
    const { answer } = await send(body, command.version === true ? (version ?? '*') : undefined);
    if (answer !== null) done(answer, filled);
  };
  const refuse = () => {
    look();
    setTried(tried + 1);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.submit();
  };
  const begin = { ...begunWith(command), ...given, ...begun, ...named, ...(id === null ? {} : { id }) };
  return (
    <div className="page form">
      <div className="page-head">
        <Typography.Title level={1}>{command.label}</Typography.Title>
        {id !== null && <Typography.Text type="secondary">{id}</Typography.Text>}
        <Typography.Text type="secondary" className="form-about">
          {plain(command.about)}
        </Typography.Text>
      </div>
      {isConflict(problem) ? (
        <Conflict command={command} id={id} seen={record} onTaken={setVersion} />
      ) : (
        <FaultList faults={faults} problem={problem} tried={tried} onGo={lead} />
      )}
      <Card>
        <Form
          form={form}
          layout="vertical"
          initialValues={{ ...begin, ...draft.found?.filled }}
          onValuesChange={(_, filled) => draft.keep(filled)}
          onFieldsChange={() => faults.length > 0 && look()}
          onFinish={(filled) => void submit(filled)}
          onFinishFailed={refuse}
          onKeyDown={onKeyDown}
        >
          {fixed.map((name) => (
            <Form.Item key={name} name={name} hidden>
              <Input />
            </Form.Item>
          ))}
          <SectionList
            sections={sections}
            unfolded={unfolded}
            onUnfold={setUnfolded}
            command={command}
            currency={currency as string | undefined}
            record={record}
          />
          <SendBar
            label={command.label}
            busy={busy}
            kept={draft.found?.at}
            onCancel={() => {
              draft.drop();
              window.history.back();
            }}
            onAnew={() => {
              draft.drop();
              onAnew();
            }}
          />
        </Form>
      </Card>
    </div>
  );
}
