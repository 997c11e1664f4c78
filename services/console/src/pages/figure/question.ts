/** What is asked of a figure, and how one of its numbers is explained. */
import type { Field, Figure, Row } from '../../api/shapes';

/** Of the page, and no part of the question. */
const SHOWN = 'measure';
/** How rows are cut and put in order: the events behind one of them need none of it. */
const OF_ROWS = new Set([SHOWN, 'by', 'group', 'top', 'every', 'cursor', 'limit']);

export function questionOf(search: URLSearchParams): URLSearchParams {
  const query = new URLSearchParams(search);
  query.delete(SHOWN);
  query.set('expand', 'names');
  return query;
}

/** The same of all rows, and not of one page of them. */
export function wholeOf(query: URLSearchParams): URLSearchParams {
  return new URLSearchParams([...query].filter(([name]) => name !== 'cursor' && name !== 'limit'));
}

/** Columns in the order in which the rows have them. */
export function columnsOf(figure: Figure, rows: Row[]): Field[] {
  const [first] = rows;
  if (first === undefined) return [];
  const every = [...figure.dimensions, ...figure.measures, ...figure.filters];
  const known = new Map(every.reverse().map((one) => [one.name, one]));
  const plain = (name: string): Field => ({ name, label: '#', type: 'integer' });
  return Object.keys(first)
    .filter((name) => typeof first[name] !== 'object' || first[name] === null)
    .map((name) => known.get(name) ?? plain(name));
}

export function isMeasure(figure: Figure, field: Field): boolean {
  return figure.measures.some((one) => one.name === field.name);
}

/** The address of the page with the events behind a number, or nothing where it has none. */
export function explanationOf(
  figure: Figure,
  field: Field,
  row: Row,
  search: URLSearchParams,
): string | undefined {
  const measure = figure.measures.find((one) => one.name === field.name);
  if (measure?.explained !== true) return undefined;
  const query = new URLSearchParams([...search].filter(([name]) => !OF_ROWS.has(name)));
  const told = [...figure.dimensions, ...figure.filters].filter((one) => one.type !== 'instant');
  for (const { name } of told) {
    const value = row[name];
    if (value !== undefined && value !== null) query.set(name, String(value));
  }
  query.set('measure', measure.name);
  return `/figures/${figure.name}/why?${query.toString()}`;
}
