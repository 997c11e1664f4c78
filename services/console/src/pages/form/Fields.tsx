/** The fields of a command or of settings; lists of objects as rows that come, go and change places. */
import { ArrowUpOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Form, Typography } from 'antd';
import type { Command, Field } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { plain } from '../../values/format';
import { FieldInput } from './FieldInput';
import { begunRow, type FieldPath } from './values';

interface FieldsProps {
  fields: Field[];
  command: Command;
  currency: string | undefined;
  /** Fields that are not to be changed. */
  fixed?: string[];
  /** Whether a field may stay empty, whatever the catalogue says of it. */
  free?: (field: Field) => boolean;
  /** What is to be known of a field besides its help. */
  note?: (field: Field) => string | undefined;
  /** The row that they are of. */
  within?: FieldPath;
}

export function Fields({ fields, within = [], ...shared }: FieldsProps) {
  return (
    <div className="form-grid">
      {fields.map((field) => {
        const path = [...within, field.name];
        return (field.fields ?? []).length > 0 ? (
          <Lines key={field.name} field={field} path={path} {...shared} />
        ) : (
          <OneField key={field.name} field={field} path={path} {...shared} />
        );
      })}
    </div>
  );
}

interface OneFieldProps extends Omit<FieldsProps, 'fields' | 'within'> {
  field: Field;
  path: FieldPath;
}

function helpOf(field: Field, note: OneFieldProps['note']): string | undefined {
  const words = [field.about, note?.(field)].filter((one) => one != null);
  return words.length === 0 ? undefined : plain(words.join(' '));
}

function OneField({ field, path, command, currency, fixed, free, note }: OneFieldProps) {
  const text = useText();
  const required = field.optional !== true && field.type !== 'truth' && free?.(field) !== true;
  return (
    <Form.Item
      name={path}
      label={field.label}
      extra={helpOf(field, note)}
      rules={required ? [{ required, message: text('form.required', { name: field.label }) }] : []}
    >
      <FieldInput
        field={field}
        command={command}
        currency={currency}
        disabled={path.length === 1 && fixed?.includes(field.name) === true}
      />
    </Form.Item>
  );
}

function Lines({ field, path, ...shared }: OneFieldProps) {
  const text = useText();
  const fields = field.fields ?? [];
  const help = helpOf(field, shared.note);
  const isOuter = path.length === 1;
  // Rows that are short stand in one line each, with their buttons at its end.
  const flat = fields.every((one) => (one.fields ?? []).length === 0);
  const begun = isOuter && field.optional !== true ? [begunRow(fields)] : [];
  return (
    <section className="wide lines" aria-label={field.label}>
      <Typography.Text strong>{field.label}</Typography.Text>
      {help !== undefined && <Typography.Text type="secondary"> {help}</Typography.Text>}
      <Form.List name={path} {...(isOuter ? { initialValue: begun } : {})}>
        {(rows, { add, remove, move }, { errors }) => (
          <>
            {rows.map((row, index) => (
              <div key={row.key} className={flat ? 'line' : 'line deep'}>
                <div className="line-head">
                  <span className="line-number">{index + 1}</span>
                  <RowButtons
                    index={index}
                    onUp={() => move(index, index - 1)}
                    onRemove={() => remove(row.name)}
                  />
                </div>
                <div className="grow">
                  <Fields fields={fields} within={[row.name]} {...shared} note={undefined} />
                </div>
              </div>
            ))}
            <Form.ErrorList errors={errors} />
            <Button size="small" icon={<PlusOutlined />} onClick={() => add(begunRow(fields))}>
              {text('form.addRowOf', { name: field.label })}
            </Button>
          </>
        )}
      </Form.List>
    </section>
  );
}

interface RowButtonsProps {
  index: number;
  onUp: () => void;
  onRemove: () => void;
}

function RowButtons({ index, onUp, onRemove }: RowButtonsProps) {
  const text = useText();
  return (
    <span>
      <Button
        type="text"
        size="small"
        icon={<ArrowUpOutlined />}
        aria-label={text('form.moveUp', { n: index + 1 })}
        disabled={index === 0}
        onClick={onUp}
      />
      <Button
        type="text"
        size="small"
        icon={<DeleteOutlined />}
        aria-label={text('form.removeRow', { n: index + 1 })}
        onClick={onRemove}
      />
    </span>
  );
}
