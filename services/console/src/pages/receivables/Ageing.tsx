/** Ageing: by how many days what customers owe is overdue, those first that owe most for too long. */
import { useQuery } from '@tanstack/react-query';
import { theme } from 'antd';
import { useMemo } from 'react';
import { request, withOwnWrites } from '../../api/client';
import type { Figure, ListPage, Row } from '../../api/shapes';
import { usePreferences, useText } from '../../app/preferences';
import { asOf, go, useMoment } from '../../app/route';
import { Failed, Loading, Nothing, Stale } from '../../app/states';
import { Chart } from '../../charts/Chart';
import { stackedOption } from '../../charts/stacked';
import { ExportButton } from '../../tables/ExportButton';
import { currencyOf, format } from '../../values/format';
import { Tiles } from '../../values/Tiles';
import { useManner } from '../../values/useManner';
import { FigureTable } from '../figure/FigureTable';
import { measureTiles } from '../figure/measures';
import { columnsOf, explanationOf } from '../figure/question';
import { BUCKETS, totalOf, worstFirst } from './ageing';

const MOST = 500;
const DRAWN = 12;
/** A bar, and what is around them. */
const [THICK, AROUND] = [30, 60];
/** From not due to over 90 days. */
const COLOURS = ['#5aa58f', '#e6c65c', '#e8a33d', '#dd7b4a', '#c2454c'];

export function Ageing({ figure }: { figure: Figure }) {
  const text = useText();
  const { language } = usePreferences();
  const moment = useMoment();
  const address = asOf(`${figure.address}?limit=${String(MOST)}&expand=names`, moment);
  const found = useQuery({
    queryKey: ['figure', address, language],
    queryFn: ({ signal }) => request<ListPage>(withOwnWrites(address), { signal }),
  });
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Failed error={found.error} again={() => void found.refetch()} />;
  const rows = worstFirst(found.data.data);
  if (rows.length === 0) return <Nothing>{text('receivables.nothing')}</Nothing>;
  const search = new URLSearchParams(moment === null ? {} : { as_of: moment });
  return (
    <div className="stack">
      <div className="bar">
        <Stale freshness={found.data.freshness} />
        <span className="grow" />
        <ExportButton address={asOf(figure.address, moment)} />
      </div>
      {[...new Set(rows.map((row) => String(row.currency)))].map((currency) => (
        <Tiles
          key={currency}
          tiles={measureTiles(figure, totalOf(rows, currency), ['open', ...BUCKETS, 'advance'], search)}
        />
      ))}
      <Drawn figure={figure} page={found.data} rows={rows.slice(0, DRAWN)} search={search} />
      <FigureTable
        figure={figure}
        page={{ ...found.data, data: rows }}
        columns={columnsOf(figure, rows)}
        search={search}
      />
    </div>
  );
}

interface DrawnProps {
  figure: Figure;
  page: ListPage;
  rows: Row[];
  search: URLSearchParams;
}

function Drawn({ figure, page, rows, search }: DrawnProps) {
  const text = useText();
  const manner = useManner();
  const { token } = theme.useToken();
  const drawn = JSON.stringify(rows);
  const option = useMemo(() => {
    const each = JSON.parse(drawn) as Row[];
    const parts = BUCKETS.map((name, index) => {
      const field = figure.measures.find((one) => one.name === name);
      return {
        name: field?.label ?? name,
        color: COLOURS[index] ?? '',
        values: each.map((row) => Number(row[name] ?? 0)),
        labels: each.map((row) =>
          field === undefined ? '' : format(row[name], field, manner, currencyOf(field, row)),
        ),
      };
    });
    const name = (row: Row) => page.names?.customer?.[String(row.customer)] ?? String(row.customer);
    return stackedOption(each.map(name), parts, token);
  }, [drawn, figure, page, manner, token]);
  const open = figure.measures.find((one) => one.name === 'open');
  const explain = (index: number) => {
    const row = rows[index];
    const to =
      row === undefined || open === undefined ? undefined : explanationOf(figure, open, row, search);
    if (to !== undefined) go(to);
  };
  return (
    <Chart
      option={option}
      label={text('figure.chartOf', { name: figure.label })}
      height={rows.length * THICK + AROUND}
      onPick={explain}
    />
  );
}
