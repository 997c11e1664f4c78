/** Lots that end within some weeks, those first whose last day comes first or is over. */
import { Card } from 'antd';
import { withQuery } from '../../api/client';
import type { Figure, Freshness, Row } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Failed, Loading, Nothing } from '../../app/states';
import { ExportButton } from '../../tables/ExportButton';
import { useAllPages } from '../../tables/useAllPages';
import { FigureTable } from '../figure/FigureTable';
import { columnsOf } from '../figure/question';

/** Days. */
const SOON = 60;
const SHOWN = 20;

interface EndingLotsProps {
  figure: Figure;
  /** Holder, place and moment that the page asks for. */
  asked: URLSearchParams;
}

export function EndingLots({ figure, asked }: EndingLotsProps) {
  const text = useText();
  const search = new URLSearchParams(asked);
  search.set('stock_lot.expires_on.lte', `+${String(SOON)}d`);
  const address = withQuery(figure.address, search);
  const found = useAllPages<Row>(`${address}&limit=500&expand=names`);
  const soonest = (found.data?.rows ?? [])
    .filter((row) => Number(row.on_hand) > 0)
    .sort((one, other) => Number(one.days_left) - Number(other.days_left))
    .slice(0, SHOWN);
  return (
    <Card
      size="small"
      title={text('dealerStock.endingLots', { n: SOON })}
      extra={<ExportButton address={address} />}
      styles={{ body: { padding: 0 } }}
    >
      {found.isPending && <Loading />}
      {found.error !== null && <Failed error={found.error} again={() => void found.refetch()} />}
      {found.data !== undefined && soonest.length === 0 && <Nothing>{text('dealerStock.noLots')}</Nothing>}
      {found.data !== undefined && soonest.length > 0 && (
        <FigureTable
          figure={figure}
          page={{ data: soonest, cursor: null, next: null, names: found.data.names, freshness: found.data.freshness as Freshness }}
          columns={columnsOf(figure, soonest).filter((one) => one.name !== 'holder')}
          search={search}
        />
      )}
    </Card>
  );
}
