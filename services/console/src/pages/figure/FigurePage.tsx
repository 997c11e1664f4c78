/** A figure as chart and table, as of now or of any moment; each number can be explained. */
import { useQuery } from '@tanstack/react-query';
import { Select, Table, Typography } from 'antd';
import { lazy, Suspense } from 'react';
import { request, withQuery } from '../../api/client';
import type { Field, Figure, ListPage, Row } from '../../api/shapes';
import { usePreferences, useText } from '../../app/preferences';
import { go, usePlace } from '../../app/route';
import { Failed, Loading, Nothing, Stale } from '../../app/states';
import { plain } from '../../values/format';
import { isNumeric, Value } from '../../values/Value';
import { Pager } from '../list/Pager';
import { Explained } from './Explained';
import { Question } from './Question';
import { columnsOf, isMeasure, questionOf } from './question';

const Chart = lazy(() => import('./Chart'));

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
  const rows = page.data;
  const columns = columnsOf(figure, rows);
  const measures = columns.filter((one) => isMeasure(figure, one));
  const measure = measures.find((one) => one.name === search.get('measure')) ?? measures[0];
  if (rows.length === 0) return <Nothing>{text('figure.empty')}</Nothing>;
  const choose = (name: string) => {
    const next = new URLSearchParams(search);
    next.set('measure', name);
    ask(next);
  };
  const cell = (field: Field, row: Row) => {
    if (isMeasure(figure, field)) {
      return <Explained figure={figure} field={field} row={row} search={search} />;
    }
    return <Value field={field} row={row} names={page.names} />;
  };
  return (
    <div className="stack">
      {measure !== undefined && (
        <section>
          <Select
            aria-label={text('figure.measure')}
            value={measure.name}
            onChange={choose}
            options={measures.map((one) => ({ value: one.name, label: one.label }))}
            style={{ minWidth: 200 }}
          />
          <Suspense fallback={<div className="chart" />}>
            <Chart figure={figure} page={page} columns={columns} measure={measure} />
          </Suspense>
        </section>
      )}
      <Table<Row>
        rowKey={(row) => rows.indexOf(row)}
        dataSource={rows}
        pagination={false}
        size="small"
        scroll={{ x: 'max-content' }}
        columns={columns.map((field) => ({
          key: field.name,
          title: field.label,
          className: isNumeric(field) ? 'number' : undefined,
          render: (_, row) => cell(field, row),
        }))}
      />
    </div>
  );
}
