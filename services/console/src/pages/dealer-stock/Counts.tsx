/** What was counted or reported beside what the book said, with the variance and the count behind it. */
import { Card } from 'antd';
import { useMemo } from 'react';
import { useKnown } from '../../api/catalogue';
import type { Figure, LoggedEvent, Names } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Link, useMoment } from '../../app/route';
import { Failed, Loading, Nothing } from '../../app/states';
import { FileTable } from '../../tables/FileTable';
import { paged } from '../../tables/rows';
import { useAllPages } from '../../tables/useAllPages';
import { format, headOf, instant } from '../../values/format';
import { useManner } from '../../values/useManner';
import { ThingLink } from '../../values/Value';
import { latestCounts, shareOf, type Count } from './counts';

const ADDRESS = '/events?type=StockCounted&type=StockRecounted&limit=1000';
const ROWS = paged(15);
const SHARE = { name: 'share', type: 'integer', unit: 'basis_points', label: '' };

interface CountsProps {
  figure: Figure;
  holder: string;
  location: string | null;
  names: Names | undefined;
}

export function Counts({ figure, holder, location, names }: CountsProps) {
  const text = useText();
  const known = useKnown();
  const manner = useManner();
  const moment = useMoment();
  const found = useAllPages<LoggedEvent>(ADDRESS);
  const events = found.data?.rows;
  const counts = useMemo(
    () => latestCounts(events ?? [], holder, moment).filter((one) => location === null || one.location === location),
    [events, holder, location, moment],
  );
  const dimension = (name: string) => figure.dimensions.find((one) => one.name === name);
  const labelled = (name: string) => {
    const field = dimension(name);
    return field === undefined ? name : headOf(field);
  };
  const thing = (field: string, id: string) => (
    <ThingLink kinds={dimension(field)?.names ?? []} id={id} name={names?.[field]?.[id]} />
  );
  const shown = (n: number) => n.toLocaleString(manner.language, { signDisplay: 'auto' });
  const share = (count: Count) => {
    const points = shareOf(count);
    return points === null ? '' : format(points, SHARE as Parameters<typeof format>[1], manner);
  };
  return (
    <Card size="small" title={text('dealerStock.counts')} styles={{ body: { padding: 0 } }}>
      {found.isPending && <Loading />}
      {found.error !== null && <Failed error={found.error} again={() => void found.refetch()} />}
      {found.data !== undefined && counts.length === 0 && <Nothing>{text('dealerStock.noCounts')}</Nothing>}
      {counts.length > 0 && (
        <FileTable<Count>
          file="counts"
          rowKey="position"
          dataSource={counts}
          pagination={ROWS}
          columns={[
            { title: labelled('location'), render: (_, one) => thing('location', one.location) },
            { title: labelled('item'), render: (_, one) => thing('item', one.item) },
            { title: text('dealerStock.calculated'), className: 'number', render: (_, one) => shown(one.book) },
            { title: text('dealerStock.counted'), className: 'number', render: (_, one) => shown(one.counted) },
            {
              title: text('dealerStock.variance'),
              className: 'number',
              render: (_, one) => (one.variance === 0 ? 0 : <strong>{shown(one.variance)}</strong>),
            },
            { title: '%', className: 'number', render: (_, one) => share(one) },
            { title: text('dealerStock.countedAt'), render: (_, one) => instant(one.countedAt, manner) },
            {
              title: known.event('StockCounted')?.label,
              render: (_, one) => <Link to={`/events/${String(one.position)}`}>{one.reference}</Link>,
            },
          ]}
        />
      )}
    </Card>
  );
}
