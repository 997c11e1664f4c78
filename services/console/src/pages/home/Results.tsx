/** What was reached today or this month, as far as the reader may see it, and how fresh that is. */
import { useQuery } from '@tanstack/react-query';
import { Card, Statistic, Typography } from 'antd';
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

/** What is open stands at a moment: of a day it would be how it has changed. */
const BALANCE = 'open_deals';

interface ResultsProps {
  figure: Figure;
  unit: 'day' | 'month';
  title: string;
}

export function Results({ figure, unit, title }: ResultsProps) {
  const text = useText();
  const manner = useManner();
  const { language } = usePreferences();
  const first = dayjs().startOf(unit).format('YYYY-MM-DD');
  const found = useQuery({
    queryKey: [WAITING, figure.name, first, language],
    queryFn: () => request<ListPage>(`${figure.address}?first=${first}&by=currency`),
  });
  const reached = figure.measures.filter((one) => one.name !== BALANCE);
  const tiles = tilesOf(reached, found.data?.data ?? []);
  const isFresh = found.data?.freshness.lag_events === 0;
  return (
    <Card
      size="small"
      title={
        <>
          {title}{' '}
          {isFresh && (
            <Typography.Text type="secondary" className="small">
              {text('stale.current')}
            </Typography.Text>
          )}
          {found.data !== undefined && <Stale freshness={found.data.freshness} />}
        </>
      }
      extra={<Link to={`/figures/${figure.name}?first=${first}`}>{figure.label}</Link>}
      style={{ minHeight: 128 }}
    >
      {found.isPending && <Loading />}
      {found.error !== null && <Failed error={found.error} again={() => void found.refetch()} />}
      {found.data?.data.length === 0 && (
        <Typography.Text type="secondary">{text('home.noResults')}</Typography.Text>
      )}
      <div className="tiles">
        {found.data?.data.length !== 0 && tiles.map(({ field, value, currency }) => (
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
