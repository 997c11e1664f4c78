/** Bars that move to their new places; without motion for those who want none. */
import type { Field, Figure, ListPage } from '../../api/shapes';
import { currencyOf, short } from '../../values/format';
import { useManner } from '../../values/useManner';
import { contender } from './frames';

interface RaceBarsProps {
  figure: Figure;
  page: ListPage;
  measure: Field;
  /** The number whose bar is as long as there is room. */
  most: number;
  label: string;
  /** By contender, the number of the colour. */
  colours: Map<string, number>;
}

const HEIGHT = 34;
const COLOURS = ['#0f766e', '#b45309', '#6d28d9', '#be123c', '#0369a1', '#4d7c0f', '#a21caf', '#57534e'];

export function RaceBars({ figure, page, measure, most, label, colours }: RaceBarsProps) {
  const manner = useManner();
  const rows = page.data.map((row, place) => ({ row, place, key: contender(row) }));
  // In an order of their own, so that a row that changes its place moves and is not made anew.
  rows.sort((one, other) => one.key.localeCompare(other.key));
  return (
    <ol className="race" aria-label={`${figure.label}: ${label}`} style={{ height: page.data.length * HEIGHT }}>
      {rows.map(({ row, place, key }) => (
        <li key={key} style={{ transform: `translateY(${String(place * HEIGHT)}px)`, height: HEIGHT }}>
          <span className="race-name">
            {place + 1}. {page.names?.subject?.[String(row.subject)] ?? String(row.subject)}
          </span>
          <span className="race-track">
            <span
              className="race-bar"
              style={{ width: `${String((Math.max(0, Number(row[measure.name])) / most) * 100)}%`, background: COLOURS[(colours.get(key) ?? 0) % COLOURS.length] }}
            />
            <span className="race-value">
              {short(row[measure.name], measure, manner, currencyOf(measure, row))}
            </span>
          </span>
        </li>
      ))}
    </ol>
  );
}
