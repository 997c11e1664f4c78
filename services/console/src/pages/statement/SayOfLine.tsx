/** What is wrong with a line, or what came of it: one sentence, sent for that line. */
import { Form, Input, Modal, Typography } from 'antd';
import type { Command, Row } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { useCommand } from '../form/useCommand';
import { partsOf } from '../form/values';

export interface Said {
  command: Command;
  line: Row;
}

interface SayOfLineProps {
  said: Said;
  statement: Row;
  onClose: () => void;
}

export function SayOfLine({ said: { command, line }, statement, onClose }: SayOfLineProps) {
  const text = useText();
  const [form] = Form.useForm<Record<string, string>>();
  const { busy, problem, send } = useCommand(command);
  // Both commands end with the one field that is a sentence.
  const field = command.fields.at(-1);
  if (field === undefined) return null;
  const submit = async (filled: Record<string, string>) => {
    const body = { ...partsOf(command, String(statement.id)), line: line.line, ...filled };
    const { answer } = await send(body, String(statement.version));
    if (answer !== null) onClose();
  };
  return (
    <Modal
      open
      title={`${command.label} · ${String(line.document)}`}
      okText={command.label}
      confirmLoading={busy}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form form={form} layout="vertical" onFinish={(filled) => void submit(filled)}>
        <Form.Item
          name={field.name}
          label={field.label}
          rules={[{ required: true, whitespace: true, message: text('form.required', { name: field.label }) }]}
        >
          <Input.TextArea autoFocus rows={2} maxLength={200} />
        </Form.Item>
      </Form>
      {problem !== null && <Typography.Text type="danger">{problem.message}</Typography.Text>}
    </Modal>
  );
}
