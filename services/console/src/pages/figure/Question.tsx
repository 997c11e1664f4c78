/** How a figure is asked for: filters, groups, period and moment, as the catalogue has them. */
import { FilterOutlined } from '@ant-design/icons';
import { Button, DatePicker, Form, InputNumber, Select } from 'antd';
import dayjs from 'dayjs';
import { useState, type ReactNode } from 'react';
import type { Field, Figure } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { ReferenceInput } from '../../values/ReferenceInput';

interface QuestionProps {
  figure: Figure;
  search: URLSearchParams;
  ask: (next: URLSearchParams) => void;
}

/** Filters that have room in one row; the others come when they are asked for. */
const FEW = 5;
const DAY = 'YYYY-MM-DD';
/** Written by hand, in the address. */
const BY_HAND = new Set(['where']);

function isPlain(field: Field): boolean {
  return !field.name.includes('.') && ((field.names ?? []).length > 0 || hasChoices(field));
}

function hasChoices(field: Field): boolean {
  return (field.choices ?? []).length > 0;
}

export function Question({ figure, search, ask }: QuestionProps) {
  const text = useText();
  const [all, setAll] = useState(false);
  const set = (name: string, values: string[]) => {
    const next = new URLSearchParams(search);
    next.delete('cursor');
    next.delete(name);
    for (const value of values) next.append(name, value);
    ask(next);
  };
  const parameters = figure.parameters.filter((one) => !BY_HAND.has(one.name));
  const named = new Set(parameters.map((one) => one.name));
  const filters = figure.filters.filter((one) => isPlain(one) && !named.has(one.name));
  const every = [...parameters, ...filters];
  const asked = every.slice(FEW).some((one) => search.has(one.name));
  const shown = all || asked ? every : every.slice(0, FEW);
  return (
    <Form layout="vertical" className="question">
      {shown.map((field) => (
        <Form.Item key={field.name} label={field.label} htmlFor={`ask-${field.name}`}>
          <Parameter field={field} values={search.getAll(field.name)} onChange={set} />
        </Form.Item>
      ))}
      {shown.length < every.length && (
        <Form.Item label=" " colon={false}>
          <Button icon={<FilterOutlined />} onClick={() => setAll(true)}>
            {text('figure.moreFilters', { n: every.length - shown.length })}
          </Button>
        </Form.Item>
      )}
    </Form>
  );
}

interface ParameterProps {
  field: Field;
  values: string[];
  onChange: (name: string, values: string[]) => void;
}

function Parameter({ field, values, onChange }: ParameterProps): ReactNode {
  const id = `ask-${field.name}`;
  const [first] = values;
  const change = (value: string | null | undefined) =>
    onChange(field.name, value === null || value === undefined || value === '' ? [] : [value]);
  if (hasChoices(field)) {
    return (
      <Select
        id={id}
        value={first}
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        options={field.choices}
        onChange={change}
      />
    );
  }
  if (field.type === 'day') {
    return (
      <DatePicker
        id={id}
        value={first === undefined ? null : dayjs(first)}
        onChange={(day) => change(day?.format(DAY))}
        style={{ width: '100%' }}
      />
    );
  }
  if (field.type === 'integer') {
    return (
      <InputNumber
        id={id}
        min={1}
        value={first === undefined ? null : Number(first)}
        onChange={(typed) => change(typed === null ? null : String(typed))}
        style={{ width: '100%' }}
      />
    );
  }
  return <ReferenceInput id={id} kinds={field.names ?? []} value={first} onChange={change} />;
}
