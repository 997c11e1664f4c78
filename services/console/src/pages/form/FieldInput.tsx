/** The input that fits a field's type, unit and meaning. */
import { DatePicker, Input, InputNumber, Select, Switch } from 'antd';
import dayjs from 'dayjs';
import { useKnown } from '../../api/catalogue';
import type { Command, Field } from '../../api/shapes';
import { useText, type Translate } from '../../app/preferences';
import { ReferenceInput } from '../../values/ReferenceInput';
import { LONG } from './sections';
import { isOwnId, PERCENT, scaleOf } from './values';

interface FieldInputProps {
  field: Field;
  command: Command;
  currency: string | undefined;
  disabled?: boolean;
  /** What the input is called where no label stands beside it. */
  label?: string;
  /** What holds while it is left empty. */
  placeholder?: string;
  // Given by the form around it.
  id?: string;
  value?: unknown;
  onChange?: (value: unknown) => void;
}

const DAY = 'YYYY-MM-DD';

/** What is counted, where people would otherwise ask. */
function unitOf(field: Field, currency: string | undefined, text: Translate): string | undefined {
  if (field.unit === 'minor') return currency;
  if (field.unit === 'basis_points') return '%';
  return field.unit === 'days' ? text('unit.days') : undefined;
}

/** Days that are often meant. */
function presetsOf(text: Translate) {
  const today = dayjs();
  return [
    { label: text('form.today'), value: today },
    { label: text('form.inWeek'), value: today.add(7, 'day') },
    { label: text('form.inMonth'), value: today.add(30, 'day') },
    { label: text('form.endOfMonth'), value: today.endOf('month') },
    { label: text('form.endOfYear'), value: today.endOf('year') },
  ];
}

export function FieldInput({ field, command, currency, ...given }: FieldInputProps) {
  const text = useText();
  const known = useKnown();
  const { id, value, onChange, disabled, label, placeholder } = given;
  const kinds = field.names ?? [];
  const isNew = isOwnId(field, command);
  if (field.type === 'truth') {
    return (
      <Switch
        id={id}
        checked={value === true}
        onChange={onChange}
        disabled={disabled}
        aria-label={label}
      />
    );
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
        aria-label={label}
        style={{ width: '100%' }}
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
        aria-label={label}
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
        label={label}
      />
    );
  }
  if (field.many === true) {
    return (
      <Select
        id={id}
        mode="tags"
        value={value as string[]}
        onChange={onChange}
        open={false}
        suffixIcon={null}
        aria-label={label}
      />
    );
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
        aria-label={label}
      />
    );
  }
  if (field.type === 'integer' || field.type === 'number') {
    const isShare = field.unit === 'basis_points';
    const scale = scaleOf(field, currency, (code) => known.digitsOf(code));
    return (
      <InputNumber
        id={id}
        value={value as number | null | undefined}
        onChange={onChange}
        precision={field.type === 'number' || isShare ? undefined : Math.round(Math.log10(scale))}
        step={isShare ? 1 / PERCENT : undefined}
        controls={false}
        placeholder={placeholder}
        suffix={unitOf(field, currency, text)}
        aria-label={label}
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
        presets={isDay ? presetsOf(text) : undefined}
        aria-label={label}
        style={{ width: '100%' }}
      />
    );
  }
  const write = (event: { target: { value: string } }) => onChange?.(event.target.value);
  const written = (value ?? '') as string;
  if (field.type === 'object' || LONG.test(field.name)) {
    return <Input.TextArea id={id} value={written} onChange={write} autoSize={{ minRows: 2 }} />;
  }
  const idle = isNew && field.optional === true ? text('form.idle') : placeholder;
  return (
    <Input
      id={id}
      value={written}
      onChange={write}
      placeholder={idle}
      disabled={disabled}
      aria-label={label}
    />
  );
}
