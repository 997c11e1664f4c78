/** Who and what comes first, by any figure and in any period, as bars and as a table. */
import { DownloadOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Segmented, Select, Typography } from 'antd';
import { useMemo } from 'react';
import { useKnown } from '../../api/catalogue';
import { request, withQuery } from '../../api/client';
import type { Field, Figure, ListPage } from '../../api/shapes';
import { usePreferences, useText } from '../../app/preferences';
import { go, usePlace } from '../../app/route';
import { Failed, Loading, Nothing, Stale } from '../../app/states';
import { headOf } from '../../values/format';
import { Bars } from '../figure/Bars';
import { FigureTable } from '../figure/FigureTable';
import { columnsOf } from '../figure/question';
import { PeriodPicker } from './PeriodPicker';

const TOP = '20';
const BOARD = 'board';

/** What rows tell: the place, who has it, and what is counted of such things at all. */
function columnsShown(figure: Figure, page: ListPage, by: string): Field[] {
  const every = columnsOf(figure, page.data);
  const counted = (one: Field) =>
    one.name === by || page.data.some((row) => Number(row[one.name] ?? 0) !== 0);
  const measures = new Set(figure.measures.map((one) => one.name));
  const several = new Set(page.data.map((row) => row.currency)).size > 1;
  return every
    .filter((one) => (measures.has(one.name) ? counted(one) : one.name !== 'currency' || several))
    .filter((one) => one.name !== 'uncosted');
}

export default function RankingsPage() {
  const text = useText();
  const known = useKnown();
  const { language } = usePreferences();
  const { path, search } = usePlace();
  const boards = known.boards();
  const named = boards.find((one) => one.name === `rankings-${search.get(BOARD) ?? ''}`);
  const figure = named ?? boards.find((one) => one.name === 'rankings-reps') ?? boards[0];
  const asked = new URLSearchParams(search);
  asked.delete(BOARD);
  if (!asked.has('top')) asked.set('top', TOP);
  const address = withQuery(figure?.address ?? '', asked);
  const found = useQuery({
    queryKey: ['figure', address, language],
    queryFn: ({ signal }) => request<ListPage>(`${address}&expand=names`, { signal }),
    enabled: figure !== undefined,
  });
  if (figure === undefined) return null;
  const set = (values: Record<string, string | undefined>) => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) next.delete(name);
      else next.set(name, value);
    }
    go(withQuery(path, next));
  };
  const ways = figure.parameters.find((one) => one.name === 'by')?.choices ?? [];
  const own = ways.filter((way) => figure.measures.some((one) => one.name === way.value));
  const by = asked.get('by') ?? figure.measures[0]?.name ?? 'amount';
  return (
    <div className="page">
      <div className="page-head">
        <Typography.Title level={1}>{text('rankings.title')}</Typography.Title>
        {found.data !== undefined && <Stale freshness={found.data.freshness} />}
        <span className="grow" />
        <Button icon={<DownloadOutlined />} href={`${address}&format=xlsx`}>
          {text('list.export')}
        </Button>
      </div>
      <div className="scrolled">
        <Segmented
          aria-label={text('rankings.board')}
          value={figure.name}
          onChange={(name) => set({ [BOARD]: name.replace('rankings-', ''), by: undefined })}
          options={boards.map((one) => ({ value: one.name, label: one.label }))}
        />
      </div>
      <div className="bar">
        <Select
          aria-label={text('figure.measure')}
          value={by}
          onChange={(way) => set({ by: way })}
          options={own.length > 0 ? own : figure.measures.map((one) => ({ value: one.name, label: headOf(one) }))}
          style={{ minWidth: 170 }}
        />
        <PeriodPicker
          first={search.get('first')}
          last={search.get('last')}
          onChange={({ first, last }) => set({ first, last })}
        />
      </div>
      {found.isPending && <Loading />}
      {found.error !== null && <Failed error={found.error} again={() => void found.refetch()} />}
      {found.data !== undefined && <Board figure={figure} page={found.data} by={by} search={asked} />}
    </div>
  );
}

interface BoardProps {
  figure: Figure;
  page: ListPage;
  by: string;
  search: URLSearchParams;
}

function Board({ figure, page, by, search }: BoardProps) {
  const text = useText();
  const columns = useMemo(() => columnsShown(figure, page, by), [figure, page, by]);
  const measure = columns.find((one) => one.name === by);
  if (page.data.length === 0) return <Nothing>{text('rankings.none')}</Nothing>;
  return (
    <div className="beside halves">
      {measure !== undefined && (
        <Bars figure={figure} page={page} columns={columns} measure={measure} search={search} lying />
      )}
      <div style={{ minWidth: 0 }}>
        <FigureTable figure={figure} page={page} columns={columns} search={search} />
      </div>
    </div>
  );
}
