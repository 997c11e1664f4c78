/** How a thing became what it is: each change with the fields before and after. */
import type { Change, Field, Kind } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { PlainTable } from '../../tables/PlainTable';
import { Value } from '../../values/Value';
import { Trail } from './Trail';

interface HistoryProps {
  kind: Kind;
  address: string;
}

export function History({ kind, address }: HistoryProps) {
  const text = useText();
  return (
    <Trail<Change>
      address={`${address}/history`}
      said={(change) => text('card.version', { n: change.version })}
    >
      {(change) => <Changes kind={kind} change={change} />}
    </Trail>
  );
}

function Changes({ kind, change }: { kind: Kind; change: Change }) {
  const text = useText();
  const fields = (kind.fields ?? []).filter((one) => one.name in change.changes);
  if (fields.length === 0) return null;
  const isFirst = change.version === 1;
  const side = (which: 'from' | 'to') => (field: Field) => {
    const row = Object.fromEntries(
      Object.entries(change.changes).map(([name, changed]) => [name, changed[which]]),
    );
    return <Value field={field} row={row} />;
  };
  return (
    <PlainTable<Field>
      rowKey="name"
      dataSource={fields}
      style={{ maxWidth: 760, marginTop: 6 }}
      columns={[
        { title: text('card.field'), dataIndex: 'label', width: 200 },
        ...(isFirst ? [] : [{ title: text('card.before'), render: (_: unknown, one: Field) => side('from')(one) }]),
        { title: text('card.after'), render: (_: unknown, one: Field) => side('to')(one) },
      ]}
    />
  );
}
