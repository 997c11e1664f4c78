/** One more condition: a field, how it is compared, and with what. */
import { Button, Form, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useKnown } from '../../api/catalogue';
import type { Field, Kind } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { ReferenceInput } from '../../values/ReferenceInput';
import { columnsOf, withCondition } from './asked';

interface ConditionFormProps {
  kind: Kind;
  search: URLSearchParams;
  ask: (next: URLSearchParams) => void;
}

const EQUAL = '';

export function ConditionForm({ kind, search, ask }: ConditionFormProps) {
  const text = useText();
  const known = useKnown();
  const fields = columnsOf(kind).filter((one) => one.filtered === true);
  const [name, setName] = useState(fields[0]?.name);
  const [operator, setOperator] = useState(EQUAL);
  const [value, setValue] = useState('');
  const field = fields.find((one) => one.name === name);
  if (field === undefined) return null;
  const operators = known.all.operators
    .filter((one) => (one.name === 'under' ? field.tree === true : one.types.includes(field.type)))
    .map((one) => ({ value: one.name, label: one.label }));
  const choose = (chosen: string) => {
    setName(chosen);
    setOperator(EQUAL);
    setValue('');
  };
  const add = () => ask(withCondition(search, { field: field.name, operator, value }));
  return (
    <Form layout="vertical" onFinish={add} style={{ width: 280 }}>
      <Form.Item label={text('list.field')}>
        <Select
          value={field.name}
          onChange={choose}
          showSearch={{ optionFilterProp: 'label' }}
          options={fields.map((one) => ({ value: one.name, label: one.label }))}
        />
      </Form.Item>
      <Form.Item label={text('list.operator')}>
        <Select
          value={operator}
          onChange={setOperator}
          options={[{ value: EQUAL, label: text('list.is') }, ...operators]}
        />
      </Form.Item>
      <Form.Item label={text('list.value')}>
        <ValueInput field={field} operator={operator} value={value} onChange={setValue} />
      </Form.Item>
      <Button type="primary" htmlType="submit" disabled={value === ''}>
        {text('list.add')}
      </Button>
    </Form>
  );
}

interface ValueInputProps {
  field: Field;
  operator: string;
  value: string;
  onChange: (value: string) => void;
}

function ValueInput({ field, operator, value, onChange }: ValueInputProps) {
  const text = useText();
  const known = useKnown();
  if (operator === 'empty' || field.type === 'truth') {
    const options = [
      { value: 'true', label: text('value.yes') },
      { value: 'false', label: text('value.no') },
    ];
    return <Select value={value || undefined} onChange={onChange} options={options} />;
  }
  if ((field.choices ?? []).length > 0) {
    return <Select value={value || undefined} onChange={onChange} options={field.choices} />;
  }
  if ((field.names ?? []).length > 0 && operator !== 'contains' && operator !== 'starts') {
    return (
      <ReferenceInput
        kinds={field.names ?? []}
        value={value || undefined}
        onChange={(chosen) => onChange(chosen ?? '')}
      />
    );
  }
  if (field.type === 'integer') {
    const scale = field.unit === 'minor' ? 10 ** known.digitsOf(undefined) : 1;
    return (
      <InputNumber
        value={value === '' ? null : Number(value) / scale}
        onChange={(typed) => onChange(typed === null ? '' : String(Math.round(typed * scale)))}
        style={{ width: '100%' }}
      />
    );
  }
  const isDay = field.type === 'instant' || field.type === 'day';
  return (
    <Input
      value={value}
      onChange={(event) => onChange(event.target.value)}
      placeholder={isDay ? '2026-11-30, today, -30d, this-month' : undefined}
    />
  );
}
