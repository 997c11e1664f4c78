/** Other values beside those in force, and the days that are to be decided anew. */
import { Alert, Button, DatePicker, Form } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import type { Field, Row, SettingsShape } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { format } from '../../values/format';
import { useManner } from '../../values/useManner';
import { Fields } from '../form/Fields';
import { changedOf, isFree, NO_COMMAND, shownOf } from '../settings/values';
import { DAY, type Trial } from './trial';

const PERIOD = '*period';

interface TrialFormProps {
  fields: Field[];
  settings: SettingsShape;
  trial: Trial | null;
  onTry: (trial: Trial) => void;
}

export function TrialForm({ fields, settings, trial, onTry }: TrialFormProps) {
  const text = useText();
  const manner = useManner();
  const [unchanged, setUnchanged] = useState(false);
  const lastMonth = dayjs().startOf('month').subtract(1, 'day');
  const period =
    trial === null ? [lastMonth.startOf('month'), lastMonth] : [dayjs(trial.first), dayjs(trial.last)];
  const ask = (filled: Row) => {
    const values = changedOf(fields, settings.values, filled);
    const [first, last] = filled[PERIOD] as [Dayjs, Dayjs];
    setUnchanged(Object.keys(values).length === 0);
    if (Object.keys(values).length === 0) return;
    onTry({ settings: settings.id, first: first.format(DAY), last: last.format(DAY), values });
  };
  return (
    <Form
      layout="vertical"
      initialValues={{ ...shownOf(fields, { ...settings.values, ...trial?.values }), [PERIOD]: period }}
      onFinish={ask}
    >
      {unchanged && <Alert type="warning" showIcon title={text('whatIf.unchanged')} style={{ marginBottom: 12 }} />}
      <Fields
        fields={fields}
        command={NO_COMMAND}
        currency={undefined}
        free={(field) => isFree(field, settings.defaults)}
        note={(field) => text('whatIf.now', { value: format(settings.values[field.name], field, manner) })}
      />
      <Form.Item name={PERIOD} label={text('whatIf.period')} rules={[{ required: true, message: text('whatIf.whichDays') }]}>
        <DatePicker.RangePicker allowClear={false} disabledDate={(day) => day.isAfter(dayjs(), 'day')} />
      </Form.Item>
      <Button type="primary" htmlType="submit">
        {text('whatIf.try')}
      </Button>
    </Form>
  );
}
