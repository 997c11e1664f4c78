/** What was said with a customer, as one thread, the latest first. */
import { Card, Timeline, Typography } from 'antd';
import { useKnown } from '../../api/catalogue';
import type { Dossier, Row } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Link } from '../../app/route';
import { format } from '../../values/format';
import { useManner } from '../../values/useManner';
import { listOf } from './useDossier';

export function Conversation({ dossier }: { dossier: Dossier }) {
  const text = useText();
  const known = useKnown();
  const manner = useManner();
  const kind = known.kind('interaction');
  const found = listOf(dossier, 'interactions');
  if (kind === undefined || found === undefined || found.count === 0) return null;
  const told = (name: string, row: Row) => {
    const field = kind.fields?.find((one) => one.name === name);
    const called = dossier.names[name]?.[String(row[name])];
    return called ?? (field === undefined ? '' : format(row[name], field, manner));
  };
  const all = `${kind.address ?? ''}?customer=${encodeURIComponent(String(dossier.data.id))}`;
  return (
    <Card
      size="small"
      title={
        <>
          {kind.plural} <Typography.Text type="secondary">{found.count}</Typography.Text>
        </>
      }
      extra={found.count > found.rows.length && <Link to={all}>{text('home.all')}</Link>}
    >
      <Timeline
        items={found.rows.map((row) => ({
          key: String(row.id),
          content: (
            <>
              <Link to={known.cardOf('interaction', String(row.id)) ?? all}>{told('happened_at', row)}</Link>{' '}
              <Typography.Text type="secondary">
                {told('way', row)} · {told('owner', row)}
              </Typography.Text>
              <div>{told('text', row)}</div>
            </>
          ),
        }))}
      />
    </Card>
  );
}
