/** The form of some settings, made from their fields; whoever may not change them sees the values. */
import { Alert, App, Button, DatePicker, Form, Input } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { useKnown } from '../../api/catalogue';
import type { Field, Row, SettingsShape } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { format } from '../../values/format';
import { useManner } from '../../values/useManner';
import { Fields } from '../form/Fields';
import { useCommand } from '../form/useCommand';
import { changedOf, isFree, NO_COMMAND, shownOf } from './values';

const COMMAND = 'change-settings';
const [REASON, FROM] = ['*reason', '*from'];

interface SettingsFormProps {
  fields: Field[];
  settings: SettingsShape;
}

export function SettingsForm({ fields, settings }: SettingsFormProps) {
  const text = useText();
  const manner = useManner();
  const { message } = App.useApp();
  const command = useKnown().command(COMMAND);
  const { send, busy, problem } = useCommand(command);
  const [fault, setFault] = useState<string | null>(null);
  const save = async (filled: Row) => {
    const values = changedOf(fields, settings.values, filled);
    setFault(null);
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
  const delivered = (field: Field) => {
    const value = settings.defaults[field.name];
    const isNone = Array.isArray(value) && value.length === 0;
    return isNone ? text('settings.none') : format(value, field, manner);
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
      <Fields
        fields={fields}
        command={command ?? NO_COMMAND}
        currency={undefined}
        free={(field) => isFree(field, settings.defaults)}
        note={(field) => text('settings.delivered', { value: delivered(field) })}
      />
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
