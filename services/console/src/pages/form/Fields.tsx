/** The fields of a command, and its lines as rows that come and go. */
import { MinusCircleOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Card, Form } from 'antd';
import type { Command, Field } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { plain } from '../../values/format';
import { FieldInput } from './FieldInput';
import type { FieldPath } from './values';

interface FieldsProps {
  fields: Field[];
  command: Command;
  currency: string | undefined;
  fixed: string[];
}

export function Fields({ fields, command, currency, fixed }: FieldsProps) {
  return (
    <div className="form-grid">
      {fields.map((field) =>
        (field.fields ?? []).length > 0 ? (
          <Lines key={field.name} field={field} command={command} currency={currency} />
        ) : (
          <OneField
            key={field.name}
            path={[field.name]}
            field={field}
            command={command}
            currency={currency}
            disabled={fixed.includes(field.name)}
          />
        ),
      )}
    </div>
  );
}

interface OneFieldProps extends Omit<FieldsProps, 'fields' | 'fixed'> {
  field: Field;
  path: FieldPath;
  disabled?: boolean;
}

function OneField({ field, path, command, currency, disabled }: OneFieldProps) {
  const text = useText();
  const required = field.optional !== true && field.type !== 'truth';
  return (
    <Form.Item
      name={path}
      label={field.label}
      extra={field.about && plain(field.about)}
      rules={required ? [{ required, message: text('form.required', { name: field.label }) }] : []}
    >
      <FieldInput field={field} command={command} currency={currency} disabled={disabled} />
    </Form.Item>
  );
}

function Lines({ field, command, currency }: Omit<OneFieldProps, 'path'>) {
  const text = useText();
  return (
    <Card size="small" title={field.label} className="wide" style={{ marginBottom: 16 }}>
      <Form.List name={field.name} initialValue={field.optional === true ? [] : [{}]}>
        {(rows, { add, remove }, { errors }) => (
          <>
            {rows.map((row, index) => (
              <div key={row.key} className="bar" style={{ alignItems: 'flex-start' }}>
                <div className="form-grid grow">
                  {(field.fields ?? []).map((one) => (
                    <OneField
                      key={one.name}
                      path={[row.name, one.name]}
                      field={one}
                      command={command}
                      currency={currency}
                    />
                  ))}
                </div>
                <Button
                  type="text"
                  icon={<MinusCircleOutlined />}
                  aria-label={text('form.removeRow', { n: index + 1 })}
                  onClick={() => remove(row.name)}
                  style={{ marginTop: 30 }}
                />
              </div>
            ))}
            <Form.ErrorList errors={errors} />
            <Button icon={<PlusOutlined />} onClick={() => add({})}>
              {text('form.addRow')}
            </Button>
          </>
        )}
      </Form.List>
    </Card>
  );
}
