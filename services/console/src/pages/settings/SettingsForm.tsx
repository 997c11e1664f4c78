/** The form of some settings, made from their fields; whoever may not change them sees the values. */
import { Alert, App, Button, DatePicker, Form, Input } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { useKnown } from '../../api/catalogue';
import type { Command, Field, Row, SettingsShape } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { format, plain } from '../../values/format';
import { useManner } from '../../values/useManner';
import { FieldInput } from '../form/FieldInput';
import { useCommand } from '../form/useCommand';
import { changedOf, isWritten, shownOf } from './values';

const COMMAND = 'change-settings';
const [REASON, FROM] = ['*reason', '*from'];

interface SettingsFormProps {
  fields: Field[];
  settings: SettingsShape;
}

export function SettingsForm({ fields, settings }: SettingsFormProps) {
  const text = useText();
  const { message } = App.useApp();
  const command = useKnown().command(COMMAND);
  const { send, busy, problem } = useCommand(command);
  const [fault, setFault] = useState<string | null>(null);
  const save = async (filled: Row) => {
    setFault(null);
    let values: Row;
    try {
      values = changedOf(fields, settings.values, filled);
    } catch {
      setFault(text('settings.notJson'));
      return;
    }
    if (Object.keys(values).length === 0) {
      setFault(text('settings.unchanged'));
      return;
    }
    const from = filled[FROM] as Dayjs | undefined;
    const body = { id: settings.id, values, reason: filled[REASON] };
    const { answer } = await send(
      from == null ? body : { ...body, valid_from: from.format() },
      String(settings.changes),
    );
    if (answer !== null) void message.success(text('settings.saved'));
  };
  const wrong = fault ?? (problem === null ? null : [problem.message, ...problem.faults.map((one) => one.message)].join(' '));
  return (
    <Form
      layout="vertical"
      initialValues={shownOf(fields, settings.values)}
      disabled={command === undefined}
      onFinish={(filled: Row) => void save(filled)}
    >
      {wrong !== null && <Alert type="error" showIcon title={wrong} style={{ marginBottom: 12 }} />}
      <div className="form-grid">
        {fields.map((field) => (
          <OneSetting key={field.name} field={field} settings={settings} command={command} />
        ))}
      </div>
      {command !== undefined && (
        <>
          <div className="form-grid">
            <Form.Item name={REASON} label={text('settings.reason')} rules={[{ required: true, message: text('settings.whyNeeded') }]}>
              <Input />
            </Form.Item>
            <Form.Item name={FROM} label={text('settings.from')} extra={text('settings.fromHelp')}>
              <DatePicker showTime={{ format: 'HH:mm' }} style={{ width: '100%' }} />
            </Form.Item>
          </div>
          <Button type="primary" htmlType="submit" loading={busy}>
            {text('settings.save')}
          </Button>
        </>
      )}
    </Form>
  );
}

interface OneSettingProps {
  field: Field;
  settings: SettingsShape;
  command: Command | undefined;
}

/** Inputs ask what command they are of: settings are like a change of something that is there. */
const NO_COMMAND = { name: '', begins: false } as Command;

function OneSetting({ field, settings, command }: OneSettingProps) {
  const text = useText();
  const manner = useManner();
  const written = isWritten(field);
  const delivered = settings.defaults[field.name];
  const value = written ? JSON.stringify(delivered) : format(delivered, field, manner);
  const extra = [field.about, text('settings.delivered', { value })].filter((one) => one != null);
  return (
    <Form.Item
      name={field.name}
      label={field.label}
      extra={plain(extra.join(' '))}
      className={written ? 'wide' : undefined}
    >
      {written ? (
        <Input.TextArea autoSize={{ minRows: 4, maxRows: 18 }} className="mono" />
      ) : (
        <FieldInput field={field} command={command ?? NO_COMMAND} currency={undefined} disabled={command === undefined} />
      )}
    </Form.Item>
  );
}
