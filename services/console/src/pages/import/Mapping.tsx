/** Which field each column is for: found by its name, or chosen. */
import { Select, Tag, Typography } from 'antd';
import type { Command } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { PlainTable } from '../../tables/PlainTable';
import { isSeldom } from '../form/values';
import { fieldFor, PASSED_OVER } from './columns';

interface MappingProps {
  command: Command;
  columns: string[];
  mapping: Record<string, string>;
  onChange: (mapping: Record<string, string>) => void;
}

/** What stands for a column that is passed over: an empty value would read as none chosen. */
const OVER = ' ';

export function Mapping({ command, columns, mapping, onChange }: MappingProps) {
  const text = useText();
  const fields = command.fields.filter((one) => !isSeldom(one));
  if (columns.length === 0) return <Typography.Text type="secondary">{text('import.byNames')}</Typography.Text>;
  const found = (column: string) => mapping[column] ?? fieldFor(column, command.fields)?.name;
  const taken = new Set(columns.map(found));
  const missing = fields.filter((one) => one.optional !== true && !taken.has(one.name));
  const options = [
    { value: OVER, label: text('import.passOver') },
    ...command.fields.map((one) => ({ value: one.name, label: `${one.label} (${one.name})` })),
  ];
  const choose = (column: string, field: string) =>
    onChange({ ...mapping, [column]: field === OVER ? PASSED_OVER : field });
  return (
    <>
      <PlainTable<{ column: string }>
        rowKey="column"
        dataSource={[...new Set(columns)].filter((one) => one !== '').map((column) => ({ column }))}
        columns={[
          { title: text('import.column'), dataIndex: 'column' },
          {
            title: text('card.field'),
            render: (_, { column }) => (
              <Select
                aria-label={text('import.fieldFor', { column })}
                showSearch={{ optionFilterProp: 'label' }}
                value={found(column) === PASSED_OVER ? OVER : found(column)}
                placeholder={text('import.passOver')}
                onChange={(field: string) => choose(column, field)}
                options={options}
                style={{ width: 'min(100%, 320px)' }}
              />
            ),
          },
        ]}
      />
      {missing.length > 0 && (
        <div>
          <Typography.Text type="secondary">{text('import.missing')}</Typography.Text>{' '}
          {missing.map((one) => (
            <Tag key={one.name} color="warning">
              {one.label}
            </Tag>
          ))}
        </div>
      )}
    </>
  );
}
