/** A figure as chart and table, as of now or of any moment; each number can be explained. */
import { useQuery } from '@tanstack/react-query';
import { Select, Typography } from 'antd';
import { useMemo } from 'react';
import { request, withQuery } from '../../api/client';
import type { Figure, ListPage } from '../../api/shapes';
import { usePreferences, useText } from '../../app/preferences';
import { go, usePlace } from '../../app/route';
import { Failed, Loading, Nothing, Stale } from '../../app/states';
import { ExportButton } from '../../tables/ExportButton';
import { headOf, plain } from '../../values/format';
import { Pager } from '../list/Pager';
import { Bars } from './Bars';
import { FigureTable } from './FigureTable';
import { Question } from './Question';
import { columnsOf, isMeasure, questionOf, wholeOf } from './question';

export default function FigurePage({ figure }: { figure: Figure }) {
  const { language } = usePreferences();
  const { path, search } = usePlace();
  const query = questionOf(search);
  const found = useQuery({
    queryKey: ['figure', figure.name, query.toString(), language],
    queryFn: ({ signal }) => request<ListPage>(withQuery(figure.address, query), { signal }),
    placeholderData: (before) => before,
  });
  const ask = (next: URLSearchParams) => go(withQuery(path, next));
  return (
    <div className="page">
      <div className="page-head">
        <Typography.Title level={1}>{figure.label}</Typography.Title>
        {found.data !== undefined && <Stale freshness={found.data.freshness} />}
        <span className="grow" />
        <ExportButton address={withQuery(figure.address, wholeOf(query))} />
      </div>
      <Typography.Paragraph type="secondary" style={{ maxWidth: 860 }}>
        {plain(figure.about)}
      </Typography.Paragraph>
      <Question figure={figure} search={search} ask={ask} />
      {found.isPending && <Loading />}
      {found.error !== null && <Failed error={found.error} again={() => void found.refetch()} />}
      {found.data !== undefined && (
        <>
          <Figures figure={figure} page={found.data} search={search} ask={ask} />
          <Pager page={found.data} search={search} ask={ask} />
        </>
      )}
    </div>
  );
}

interface FiguresProps {
  figure: Figure;
  page: ListPage;
  search: URLSearchParams;
  ask: (next: URLSearchParams) => void;
}

function Figures({ figure, page, search, ask }: FiguresProps) {
  const text = useText();
  const columns = useMemo(() => columnsOf(figure, page.data), [figure, page]);
  const measures = columns.filter((one) => isMeasure(figure, one));
  const measure = measures.find((one) => one.name === search.get('measure')) ?? measures[0];
  if (page.data.length === 0) return <Nothing>{text('figure.empty')}</Nothing>;
  const choose = (name: string) => {
    const next = new URLSearchParams(search);
    next.set('measure', name);
    ask(next);
  };
  return (
    <div className="stack">
      {measure !== undefined && (
        <section>
          <Select
            aria-label={text('figure.measure')}
            value={measure.name}
            onChange={choose}
            options={measures.map((one) => ({ value: one.name, label: headOf(one) }))}
            style={{ minWidth: 200 }}
          />
          <Bars figure={figure} page={page} columns={columns} measure={measure} search={search} />
        </section>
      )}
      <FigureTable figure={figure} page={page} columns={columns} search={search} />
    </div>
  );
}
