/** What the figures say of one thing, each number with the events behind it. */
import { useQueries } from '@tanstack/react-query';
import { Card } from 'antd';
import { useKnown, type Known } from '../../api/catalogue';
import { request } from '../../api/client';
import type { Figure, Kind, ListPage } from '../../api/shapes';
import { usePreferences, useText } from '../../app/preferences';
import { asOf, Link, useMoment } from '../../app/route';
import { Loading, Nothing } from '../../app/states';
import { FigureTable } from '../figure/FigureTable';
import { columnsOf } from '../figure/question';

const SHOWN = 8;

/** Figures that tell rows apart by things of that kind, and by which of their dimensions. */
export function figuresOf(known: Known, kind: Kind): { figure: Figure; dimension: string }[] {
  return known.all.figures.flatMap((figure) => {
    const told = figure.dimensions.find(
      (one) =>
        (one.names ?? []).includes(kind.name) &&
        figure.filters.some((filter) => filter.name === one.name),
    );
    return told === undefined ? [] : [{ figure, dimension: told.name }];
  });
}

export function Figures({ kind, id }: { kind: Kind; id: string }) {
  const text = useText();
  const known = useKnown();
  const { language } = usePreferences();
  const moment = useMoment();
  const asked = figuresOf(known, kind).map(({ figure, dimension }) => ({
    figure,
    dimension,
    search: new URLSearchParams({ [dimension]: id }),
  }));
  const found = useQueries({
    queries: asked.map(({ figure, search }) => {
      const address = `${figure.address}?${search.toString()}&limit=${String(SHOWN)}&expand=names`;
      return {
        queryKey: ['figure', asOf(address, moment), language],
        queryFn: () => request<ListPage>(asOf(address, moment)),
      };
    }),
  });
  if (found.some((one) => one.isPending)) return <Loading />;
  const shown = asked.flatMap((one, index) => {
    const page = found[index]?.data;
    return page === undefined || page.data.length === 0 ? [] : [{ ...one, page }];
  });
  if (shown.length === 0) return <Nothing>{text('card.noFigures')}</Nothing>;
  return (
    <div className="stack">
      {shown.map(({ figure, dimension, search, page }) => (
        <Card
          key={figure.name}
          size="small"
          title={figure.label}
          extra={<Link to={`/figures/${figure.name}?${search.toString()}`}>{text('home.all')}</Link>}
          styles={{ body: { padding: 0 } }}
        >
          <FigureTable
            figure={figure}
            page={page}
            columns={columnsOf(figure, page.data).filter((one) => one.name !== dimension)}
            search={asOfSearch(search, moment)}
          />
        </Card>
      ))}
    </div>
  );
}

function asOfSearch(search: URLSearchParams, moment: string | null): URLSearchParams {
  return new URLSearchParams({ ...Object.fromEntries(search), ...(moment ? { as_of: moment } : {}) });
}
