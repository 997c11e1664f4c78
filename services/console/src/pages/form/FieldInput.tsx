/** The input that fits a field's type, unit and meaning. */
import { DatePicker, Input, InputNumber, Select, Switch } from 'antd';
import dayjs from 'dayjs';
import { useKnown } from '../../api/catalogue';
import type { Command, Field } from '../../api/shapes';
import { useText, type Translate } from '../../app/preferences';
import { ReferenceInput } from '../../values/ReferenceInput';
import { scaleOf } from './values';

interface FieldInputProps {
  field: Field;
  command: Command;
  currency: string | undefined;
  disabled?: boolean;
  // Given by the form around it.
  id?: string;
  value?: unknown;
  onChange?: (value: unknown) => void;
}

const DAY = 'YYYY-MM-DD';
const LONG = /text|reason|comment|note|about/;

/** What is counted, where people would otherwise ask. */
function unitOf(field: Field, text: Translate): string | undefined {
  return field.unit === 'days' ? text('unit.days') : undefined;
}

export function FieldInput({ field, command, currency, ...given }: FieldInputProps) {
  const text = useText();
  const known = useKnown();
  const { id, value, onChange, disabled } = given;
  const kinds = field.names ?? [];
  const isNew = command.begins === true && field.name === 'id';
  if (field.type === 'truth') {
    return <Switch id={id} checked={value === true} onChange={onChange} disabled={disabled} />;
  }
  if ((field.choices ?? []).length > 0) {
    return (
      <Select
        id={id}
        value={value as string | undefined}
        onChange={onChange}
        mode={field.many === true ? 'multiple' : undefined}
        allowClear={field.optional === true}
        options={field.choices}
      />
    );
  }
  if (kinds.includes('command')) {
    return (
      <Select
        id={id}
        value={value as string | string[] | undefined}
        onChange={onChange}
        disabled={disabled}
        mode={field.many === true ? 'multiple' : undefined}
        showSearch={{ optionFilterProp: 'label' }}
        options={known.all.commands.map((one) => ({ value: one.name, label: one.label }))}
      />
    );
  }
  if (kinds.length > 0 && !isNew) {
    return (
      <ReferenceInput
        id={id}
        kinds={kinds}
        value={value as string | string[] | undefined}
        onChange={onChange}
        onMany={field.many === true ? onChange : undefined}
        disabled={disabled}
      />
    );
  }
  if (field.many === true) {
    return <Select id={id} mode="tags" value={value as string[]} onChange={onChange} open={false} />;
  }
  if (field.type === 'currency') {
    const options = known.all.currencies.map(({ code, label }) => ({
      value: code,
      label: `${code} · ${label}`,
    }));
    const search = { optionFilterProp: 'label' };
    return (
      <Select
        id={id}
        value={value as string | undefined}
        onChange={onChange}
        showSearch={search}
        options={options}
      />
    );
  }
  if (field.type === 'integer' || field.type === 'number') {
    const scale = scaleOf(field, currency, (code) => known.digitsOf(code));
    return (
      <InputNumber
        id={id}
        value={value as number | null | undefined}
        onChange={onChange}
        precision={field.type === 'number' ? undefined : Math.round(Math.log10(scale))}
        suffix={field.unit === 'minor' ? currency : unitOf(field, text)}
        style={{ width: '100%' }}
      />
    );
  }
  if (field.type === 'instant' || field.type === 'day') {
    const isDay = field.type === 'day';
    return (
      <DatePicker
        id={id}
        showTime={!isDay && { format: 'HH:mm' }}
        value={typeof value === 'string' ? dayjs(value) : null}
        onChange={(at) => onChange?.(isDay ? at?.format(DAY) : at?.format())}
        style={{ width: '100%' }}
      />
    );
  }
  const write = (event: { target: { value: string } }) => onChange?.(event.target.value);
  const written = (value ?? '') as string;
  if (field.type === 'object' || LONG.test(field.name)) {
    return <Input.TextArea id={id} value={written} onChange={write} autoSize={{ minRows: 2 }} />;
  }
  const placeholder = isNew && field.optional === true ? text('form.idle') : undefined;
  return (
    <Input id={id} value={written} onChange={write} placeholder={placeholder} disabled={disabled} />
  );
}
