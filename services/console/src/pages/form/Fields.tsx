/** The fields of a command or of settings; lists of objects as rows that come, go and change places. */
import { PlusOutlined } from '@ant-design/icons';
import { Button, Form, Typography } from 'antd';
import type { Field } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { headOf, plain } from '../../values/format';
import './form.css';
import { FieldInput } from './FieldInput';
import { Help, RowButtons, rulesOf, type OneFieldProps, type Shared } from './fieldParts';
import { LineTable } from './LineTable';
import { LONG } from './sections';
import { begunRow, type FieldPath } from './values';

interface FieldsProps extends Shared {
  fields: Field[];
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

function OneField({ field, path, ...shared }: OneFieldProps) {
  const text = useText();
  const { command, currency, note } = shared;
  const isLong = field.type === 'text' && LONG.test(field.name) && (field.choices ?? []).length === 0;
  const said = note?.(field);
  return (
    <Form.Item
      name={path}
      className={isLong ? 'wide' : undefined}
      label={
        <span>
          {headOf(field)} <Help field={field} />
        </span>
      }
      extra={said === undefined ? undefined : plain(said)}
      rules={rulesOf(field, shared, text)}
    >
      <FieldInput
        field={field}
        command={command}
        currency={currency}
      />
    </Form.Item>
  );
}

/** More columns than these are no table that anybody fills in. */
const COLUMNS = 5;

function Lines({ field, path, ...shared }: OneFieldProps) {
  const text = useText();
  const fields = field.fields ?? [];
  const said = shared.note?.(field);
  const isOuter = path.length === 1;
  const isTable = fields.length <= COLUMNS && fields.every((one) => (one.fields ?? []).length === 0);
  const begun = isOuter && field.optional !== true ? [begunRow(fields)] : [];
  return (
    <section className="wide lines" aria-label={field.label}>
      <Typography.Text strong>
        {field.label} <Help field={field} />
      </Typography.Text>
      {said !== undefined && <Typography.Text type="secondary"> {plain(said)}</Typography.Text>}
      <Form.List name={path} {...(isOuter ? { initialValue: begun } : {})}>
        {(rows, { add, remove, move }, { errors }) => (
          <>
            {isTable && rows.length > 0 ? (
              <LineTable field={field} path={path} {...shared} {...{ rows, add, remove, move }} />
            ) : (
              <>
                {rows.map((row, index) => (
                  <div key={row.key} className="line deep">
                    <div className="line-head">
                      <span className="line-number">{index + 1}</span>
                      <RowButtons
                        index={index}
                        onUp={() => move(index, index - 1)}
                        onRemove={() => remove(row.name)}
                      />
                    </div>
                    <Fields fields={fields} within={[row.name]} {...shared} note={undefined} />
                  </div>
                ))}
                <Button
                  size="small"
                  icon={<PlusOutlined />}
                  aria-label={text('form.addRowOf', { name: field.label })}
                  onClick={() => add(begunRow(fields))}
                >
                  {text('form.addRow')}
                </Button>
              </>
            )}
            <Form.ErrorList errors={errors} />
          </>
        )}
      </Form.List>
    </section>
  );
}
