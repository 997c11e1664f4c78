/** What dealers hold of each item, and for how many days it will last. */
import { useQuery } from '@tanstack/react-query';
import { Card, Segmented, Select, Typography } from 'antd';
import { useKnown } from '../../api/catalogue';
import { request, withQuery } from '../../api/client';
import type { ListPage } from '../../api/shapes';
import { usePreferences, useText } from '../../app/preferences';
import { go, MOMENT, usePlace } from '../../app/route';
import { Failed, Loading, Nothing, Stale } from '../../app/states';
import { ExportButton } from '../../tables/ExportButton';
import { headOf } from '../../values/format';
import { ReferenceInput } from '../../values/ReferenceInput';
import { FigureTable } from '../figure/FigureTable';
import { columnsOf } from '../figure/question';
import { Counts } from './Counts';
import { EndingLots } from './EndingLots';
import { HeatMap } from './HeatMap';
import { runningOut } from './heat';
import { Reports } from './Reports';

const PAGE = 500;
/** So many rows are drawn; a larger network is cut by region or dealer. */
const MOST = 2_000;
const RUNNING_OUT = 12;
const MEASURES = ['days_of_cover', 'on_hand', 'available', 'in_transit', 'outflow_28_days'];
const CONDITIONS = ['location', 'location.region', MOMENT];

async function everyRow(address: string, signal: AbortSignal): Promise<ListPage & { cut: boolean }> {
  const first = await request<ListPage>(address, { signal });
  const page = { ...first, data: [...first.data] };
  let next = first.next;
  while (next !== null && page.data.length < MOST) {
    const more = await request<ListPage>(next, { signal });
    page.data.push(...more.data);
    for (const [field, names] of Object.entries(more.names ?? {})) {
      page.names = { ...page.names, [field]: { ...page.names?.[field], ...names } };
    }
    next = more.next;
  }
  return { ...page, cut: next !== null };
}

export default function DealerStockPage() {
  const text = useText();
  const known = useKnown();
  const { language } = usePreferences();
  const { path, search } = usePlace();
  const figure = known.figure('stock');
  const lots = known.figure('stock_lots');
  const holder = search.get('holder') ?? 'dealer';
  const asked = new URLSearchParams([...search].filter(([name]) => CONDITIONS.includes(name)));
  asked.set('holder', holder);
  const address = `${withQuery(figure?.address ?? '', asked)}&limit=${String(PAGE)}&expand=names`;
  const found = useQuery({
    queryKey: ['figure', 'heat', address, language],
    queryFn: ({ signal }) => everyRow(address, signal),
    placeholderData: (before) => before,
  });
  if (figure === undefined) return null;
  const set = (name: string, value: string | undefined) => {
    const next = new URLSearchParams(search);
    if (value === undefined) next.delete(name);
    else next.set(name, value);
    go(withQuery(path, next));
  };
  const measures = MEASURES.map((name) => figure.measures.find((one) => one.name === name)).filter(
    (one) => one !== undefined,
  );
  const measure = measures.find((one) => one.name === search.get('measure')) ?? measures[0];
  const holders = figure.dimensions.find((one) => one.name === 'holder')?.choices ?? [];
  const page = found.data;
  const few = page === undefined ? [] : runningOut(page.data, RUNNING_OUT);
  return (
    <div className="page">
      <div className="page-head">
        <Typography.Title level={1}>{text('dealerStock.title')}</Typography.Title>
        {page !== undefined && <Stale freshness={page.freshness} />}
        <span className="grow" />
        <ExportButton address={withQuery(figure.address, asked)} />
      </div>
      <div className="bar">
        <Segmented value={holder} onChange={(one) => set('holder', one)} options={holders} aria-label={text('dealerStock.holder')} />
        <Select
          aria-label={text('figure.measure')}
          value={measure?.name}
          onChange={(name) => set('measure', name)}
          options={measures.map((one) => ({ value: one.name, label: headOf(one) }))}
          style={{ minWidth: 180 }}
        />
        <div style={{ width: 240 }}>
          <ReferenceInput
            kinds={['customer']}
            value={search.get('location') ?? undefined}
            onChange={(id) => set('location', id)}
            placeholder={text('dealerStock.everyDealer')}
            label={text('dealerStock.dealer')}
          />
        </div>
      </div>
      {found.isPending && <Loading />}
      {found.error !== null && <Failed error={found.error} again={() => void found.refetch()} />}
      {page?.data.length === 0 && <Nothing>{text('figure.empty')}</Nothing>}
      {page !== undefined && page.data.length > 0 && measure !== undefined && (
        <div className="stack">
          {page.cut && <Typography.Text type="warning">{text('dealerStock.cut', { n: MOST })}</Typography.Text>}
          <HeatMap figure={figure} page={page} measure={measure} search={asked} />
          <Card size="small" title={text('dealerStock.runningOut')} styles={{ body: { padding: 0 } }}>
            {few.length === 0 ? (
              <Nothing>{text('dealerStock.none')}</Nothing>
            ) : (
              <FigureTable
                figure={figure}
                page={{ ...page, data: few }}
                columns={columnsOf(figure, few).filter((one) => one.name !== 'holder')}
                search={asked}
              />
            )}
          </Card>
          {holder === 'dealer' && known.kind('stock_report') !== undefined && (
            <Reports figure={figure} location={search.get('location')} names={page.names} />
          )}
          {known.event('StockCounted') !== undefined && (
            <Counts figure={figure} holder={holder} location={search.get('location')} names={page.names} />
          )}
          {lots !== undefined && <EndingLots figure={lots} asked={asked} />}
        </div>
      )}
    </div>
  );
}
