/** How a thing became what it is: each change with the fields before and after. */
import { Table, Timeline as Steps, Typography } from 'antd';
import { useKnown } from '../../api/catalogue';
import type { Change, Field, Kind } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Link } from '../../app/route';
import { Failed, Loading } from '../../app/states';
import { instant } from '../../values/format';
import { useManner } from '../../values/useManner';
import { Value } from '../../values/Value';
import { More } from './More';
import { usePages } from './usePages';

interface HistoryProps {
  kind: Kind;
  address: string;
}

export function History({ kind, address }: HistoryProps) {
  const known = useKnown();
  const text = useText();
  const manner = useManner();
  const found = usePages<Change>(`${address}/history?limit=50`);
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Failed error={found.error} />;
  const items = found.rows.map((change) => ({
    key: change.version,
    content: (
      <>
        <Link to={`/events/${String(change.position)}`}>
          {known.event(change.type)?.label ?? change.type}
        </Link>{' '}
        <Typography.Text type="secondary">
          {instant(change.occurred_at, manner)} · {text('card.version', { n: change.version })}
        </Typography.Text>
        <Changes kind={kind} change={change} />
      </>
    ),
  }));
  return (
    <>
      <Steps items={items} />
      <More found={found} />
    </>
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
    <Table<Field>
      rowKey="name"
      size="small"
      pagination={false}
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
