/** The fields of a thing by group, and its lines as tables. */
import { Card, Table } from 'antd';
import type { Field, Kind, Row, Thing } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Fact } from '../../values/Fact';
import { headOf } from '../../values/format';
import { isNumeric, Value } from '../../values/Value';
import { groupsOf, tablesOf } from './groups';

interface OverviewProps {
  kind: Kind;
  thing: Thing;
}

export function Overview({ kind, thing }: OverviewProps) {
  const text = useText();
  const { data, names } = thing;
  return (
    <div className="stack">
      <div className="cards">
        {groupsOf(kind).map(({ title, fields }) => (
          <Card key={title} size="small" title={text(title)}>
            <dl className="fields">
              {fields.map((field) => (
                <Fact key={field.name} label={headOf(field)}>
                  <Value field={field} row={data} names={names} />
                </Fact>
              ))}
            </dl>
          </Card>
        ))}
      </div>
      {tablesOf(kind).map((field) => (
        <Lines key={field.name} field={field} of={data} />
      ))}
    </div>
  );
}

/** Lines within lines are told by their number. */
function Lines({ field, of }: { field: Field; of: Row }) {
  const value = of[field.name];
  const rows = (Array.isArray(value) ? value : value ? [value] : []) as Row[];
  if (rows.length === 0) return null;
  return (
    <Card size="small" title={field.label} styles={{ body: { padding: 0 } }}>
      <Table<Row>
        rowKey={(row) => rows.indexOf(row)}
        dataSource={rows}
        pagination={false}
        size="small"
        scroll={{ x: 'max-content' }}
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
