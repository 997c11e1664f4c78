/** What was reached this month, as far as the reader may see it, and how fresh that is. */
import { useQuery } from '@tanstack/react-query';
import { Card, Statistic } from 'antd';
import dayjs from 'dayjs';
import { request } from '../../api/client';
import type { Figure, ListPage } from '../../api/shapes';
import { usePreferences, useText } from '../../app/preferences';
import { Link } from '../../app/route';
import { Failed, Loading, Stale } from '../../app/states';
import { format } from '../../values/format';
import { useManner } from '../../values/useManner';
import { tilesOf } from './tiles';
import { WAITING } from './useLive';

export function Month({ figure }: { figure: Figure }) {
  const text = useText();
  const manner = useManner();
  const { language } = usePreferences();
  const first = dayjs().startOf('month').format('YYYY-MM-DD');
  const found = useQuery({
    queryKey: [WAITING, figure.name, first, language],
    queryFn: () => request<ListPage>(`${figure.address}?first=${first}&by=currency`),
  });
  const tiles = tilesOf(figure.measures, found.data?.data ?? []);
  return (
    <Card
      size="small"
      title={text('period.month')}
      extra={<Link to={`/figures/${figure.name}?first=${first}`}>{figure.label}</Link>}
      style={{ marginBottom: 16, minHeight: 128 }}
    >
      {found.isPending && <Loading />}
      {found.error !== null && <Failed error={found.error} again={() => void found.refetch()} />}
      {found.data !== undefined && <Stale freshness={found.data.freshness} />}
      <div className="tiles">
        {tiles.map(({ field, value, currency }) => (
          <Statistic
            key={`${field.name} ${currency ?? ''}`}
            title={field.label}
            value={format(value, field, manner, currency)}
          />
        ))}
      </div>
    </Card>
  );
}
