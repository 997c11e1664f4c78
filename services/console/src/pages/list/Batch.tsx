/** One command for many rows: each row has its own outcome, and what was refused says why. */
import { App, Button, Dropdown, Form, Modal, Typography } from 'antd';
import { useState } from 'react';
import { useKnown, type Known } from '../../api/catalogue';
import type { Command, Kind, Row } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Fields } from '../form/Fields';
import { bodyOf, isSeldom } from '../form/values';
import { useBatch } from './useBatch';

/** What of a command is asked once, for all rows. */
function asksOnce(command: Command) {
  return command.fields.filter((one) => !isSeldom(one) && one.name !== 'id' && one.optional !== true);
}

/** Commands that ask for little besides the thing itself. */
const LITTLE = 2;

export function batchable(known: Known, kind: Kind): Command[] {
  return (kind.commands ?? [])
    .map((name) => known.command(name))
    .filter((one) => one !== undefined)
    .filter((one) => one.begins !== true && one.fields.some((field) => field.name === 'id'))
    .filter((one) => asksOnce(one).length <= LITTLE)
    .filter((one) => asksOnce(one).every((field) => (field.fields ?? []).length === 0));
}

interface BatchProps {
  kind: Kind;
  rows: Row[];
  chosen: string[];
  onAll: (ids: string[]) => void;
  onDone: () => void;
}

export function Batch({ kind, rows, chosen, onAll, onDone }: BatchProps) {
  const text = useText();
  const known = useKnown();
  const [command, setCommand] = useState<Command | null>(null);
  if (chosen.length === 0) return null;
  const commands = batchable(known, kind);
  return (
    <div className="bar" role="group" aria-label={text('batch.chosen', { n: chosen.length })}>
      <Typography.Text strong>{text('batch.chosen', { n: chosen.length })}</Typography.Text>
      <Dropdown
        trigger={['click']}
        menu={{
          items: commands.map((one) => ({ key: one.name, label: one.label })),
          onClick: ({ key }) => setCommand(commands.find((one) => one.name === key) ?? null),
        }}
      >
        <Button type="primary">{text('batch.do')}</Button>
      </Dropdown>
      <Button onClick={() => onAll(rows.map((row) => String(row.id)))}>{text('batch.all')}</Button>
      <Button type="link" onClick={onDone}>
        {text('batch.none')}
      </Button>
      {command !== null && (
        <Ask
          key={command.name}
          command={command}
          rows={rows.filter((row) => chosen.includes(String(row.id)))}
          onClose={() => setCommand(null)}
          onDone={onDone}
        />
      )}
    </div>
  );
}

interface AskProps {
  command: Command;
  rows: Row[];
  onClose: () => void;
  onDone: () => void;
}

function Ask({ command, rows, onClose, onDone }: AskProps) {
  const text = useText();
  const known = useKnown();
  const { message } = App.useApp();
  const [form] = Form.useForm<Row>();
  const { busy, send, refused } = useBatch(command);
  const fields = asksOnce(command);
  const submit = async (filled: Row) => {
    const body = bodyOf(fields, filled, (currency) => known.digitsOf(currency));
    const outcome = await send(rows, body);
    if (outcome === null || outcome.failed > 0) return;
    void message.success(text('batch.done', { n: outcome.done }));
    onClose();
    onDone();
  };
  return (
    <Modal
      open
      title={`${command.label} · ${text('batch.chosen', { n: rows.length })}`}
      okText={command.label}
      confirmLoading={busy}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form form={form} layout="vertical" onFinish={(filled) => void submit(filled)}>
        <Fields fields={fields} command={command} currency={undefined} />
      </Form>
      <ul className="waiting">
        {refused.map((one) => (
          <li key={one.id}>
            <strong>{one.id}</strong>
            <span className="grow">{one.message}</span>
          </li>
        ))}
      </ul>
    </Modal>
  );
}
