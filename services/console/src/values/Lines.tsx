/** The lines of a thing or an event as a table. */
import { Card } from 'antd';
import type { Field, Row } from '../api/shapes';
import { PlainTable } from '../tables/PlainTable';
import { headOf } from './format';
import { isNumeric, Value } from './Value';

/** Lines within lines are told by their number. */
export function Lines({ field, of }: { field: Field; of: Row }) {
  const value = of[field.name];
  const rows = (Array.isArray(value) ? value : value ? [value] : []) as Row[];
  if (rows.length === 0) return null;
  return (
    <Card size="small" title={field.label} styles={{ body: { padding: 0 } }}>
      <PlainTable<Row>
        rowKey={(row) => rows.indexOf(row)}
        dataSource={rows}
        columns={(field.fields ?? []).map((one) => ({
          key: one.name,
          title: headOf(one),
          className: isNumeric(one) ? 'number' : undefined,
          render: (_, row) => <Value field={one} row={row} of={of} />,
        }))}
      />
    </Card>
  );
}
