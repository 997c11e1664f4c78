/** Bars of one measure by what tells its rows apart. The table beside it has the same figures. */
import { theme } from 'antd';
import { useMemo } from 'react';
import type { Field, Figure, ListPage, Row } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { go } from '../../app/route';
import { barsOption } from '../../charts/bars';
import { Chart } from '../../charts/Chart';
import { currencyOf, format, short } from '../../values/format';
import { useManner } from '../../values/useManner';
import { explanationOf, isMeasure } from './question';

/** Rows that are drawn, upright and lying: the table is not to be far below. */
const [MOST, MOST_LYING] = [40, 20];
/** A row of the lying bars, and what is around them. */
const [THICK, AROUND] = [30, 30];

export interface BarsProps {
  figure: Figure;
  page: ListPage;
  columns: Field[];
  measure: Field;
  search: URLSearchParams;
  lying?: boolean;
}

/** Of money what is counted in no currency is left out: it is none. */
function drawn(rows: Row[], measure: Field): Row[] {
  const some = measure.unit === 'minor' ? rows.filter((row) => row.currency !== null) : rows;
  return some.length > 0 ? some : rows;
}

function useBars({ figure, columns, page, measure }: BarsProps, rows: Row[]) {
  const manner = useManner();
  return useMemo(() => {
    // What is the same in all rows tells none apart.
    const telling = columns.filter(
      (one) =>
        !isMeasure(figure, one) &&
        one.label !== '#' &&
        (rows.length === 1 || rows.some((row) => row[one.name] !== rows[0]?.[one.name])),
    );
    const shown = (field: Field, row: Row) =>
      page.names?.[field.name]?.[String(row[field.name])] ?? format(row[field.name], field, manner);
    return rows.map((row) => ({
      name: telling.map((one) => shown(one, row)).join(' · '),
      value: Number(row[measure.name] ?? 0),
      label: short(row[measure.name], measure, manner, currencyOf(measure, row)),
      full: format(row[measure.name], measure, manner, currencyOf(measure, row)),
    }));
  }, [figure, page, rows, columns, measure, manner]);
}

/** So many letters have room below upright bars; longer names are read beside lying ones. */
const ROOM = 60;

export function Bars(props: BarsProps) {
  const { figure, page, measure, search } = props;
  const text = useText();
  const { token } = theme.useToken();
  const rows = useMemo(() => drawn(page.data, measure), [page, measure]);
  const every = useBars(props, rows);
  const longest = Math.max(...every.map((one) => one.name.length));
  const lying = props.lying ?? every.length * longest > ROOM;
  const bars = useMemo(() => every.slice(0, lying ? MOST_LYING : MOST), [every, lying]);
  const option = useMemo(() => barsOption(bars, token, lying), [bars, token, lying]);
  const explain = (index: number) => {
    const row = rows[index];
    const to = row === undefined ? undefined : explanationOf(figure, measure, row, search);
    if (to !== undefined) go(to);
  };
  return (
    <>
      <Chart
        option={option}
        label={text('figure.chartOf', { name: `${figure.label}: ${measure.label}` })}
        height={lying ? bars.length * THICK + AROUND : undefined}
        onPick={explain}
      />
      {rows.length > bars.length && text('figure.first', { n: bars.length })}
    </>
  );
}
