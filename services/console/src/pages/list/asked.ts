/** A list's question, as its address says it: the parameters of the API, and nothing else. */
import type { Field, Kind } from '../../api/shapes';

export const PAGE_SIZES = [25, 50, 100, 200];
const SIZE = 50;
const MOST_COLUMNS = 9;
const MOST_FACETS = 4;
/** Parameters that are no conditions. */
const OWN = new Set(['q', 'sort', 'fields', 'limit', 'cursor', 'as_of', 'known_at']);
const OF_THE_RECORD = new Set(['version', 'position', 'occurred_at', 'recorded_at']);

export interface Condition {
  field: string;
  operator: string;
  value: string;
}

/** Fields that a row has room for: no lists of objects. */
export function columnsOf(kind: Kind): Field[] {
  return (kind.fields ?? []).filter((one) => one.type !== 'object' && one.type !== 'any');
}

export function usualColumns(kind: Kind): string[] {
  return columnsOf(kind)
    .filter((one) => !OF_THE_RECORD.has(one.name) && one.type !== 'currency')
    .slice(0, MOST_COLUMNS)
    .map((one) => one.name);
}

export function chosenColumns(kind: Kind, search: URLSearchParams): Field[] {
  const chosen = search.get('fields')?.split(',') ?? usualColumns(kind);
  const known = new Map(columnsOf(kind).map((one) => [one.name, one]));
  return chosen.map((name) => known.get(name)).filter((one) => one !== undefined);
}

/** The reader's own columns, where the address names none. */
export function withOwnColumns(search: URLSearchParams, own: string[] | null | undefined): URLSearchParams {
  if (own === null || own === undefined || search.has('fields')) return search;
  const next = new URLSearchParams(search);
  next.set('fields', own.join(','));
  return next;
}

export function facetsOf(kind: Kind): string[] {
  return columnsOf(kind)
    .filter((one) => one.filtered === true && (one.choices ?? []).length > 1)
    .slice(0, MOST_FACETS)
    .map((one) => one.name);
}

function totalsOf(columns: Field[]): string[] {
  return columns.filter((one) => one.adds_up === true).map((one) => one.name);
}

export function sizeOf(search: URLSearchParams): number {
  const size = Number(search.get('limit'));
  return PAGE_SIZES.includes(size) ? size : SIZE;
}

export function conditionsOf(search: URLSearchParams): Condition[] {
  return [...search].filter(([name]) => !OWN.has(name)).map(([name, value]) => {
    const dot = name.lastIndexOf('.');
    return dot < 0
      ? { field: name, operator: '', value }
      : { field: name.slice(0, dot), operator: name.slice(dot + 1), value };
  });
}

export function nameOf({ field, operator }: Condition): string {
  return operator === '' ? field : `${field}.${operator}`;
}

/** Another question begins on its first page. */
export function changed(
  search: URLSearchParams,
  change: (search: URLSearchParams) => void,
): URLSearchParams {
  const next = new URLSearchParams(search);
  next.delete('cursor');
  change(next);
  return next;
}

export function withCondition(search: URLSearchParams, one: Condition): URLSearchParams {
  return changed(search, (next) => {
    if (!next.getAll(nameOf(one)).includes(one.value)) next.append(nameOf(one), one.value);
  });
}

export function withoutCondition(search: URLSearchParams, one: Condition): URLSearchParams {
  return changed(search, (next) => {
    const left = next.getAll(nameOf(one)).filter((value) => value !== one.value);
    next.delete(nameOf(one));
    for (const value of left) next.append(nameOf(one), value);
  });
}

/** The columns shown, and those that they need to be understood: ids and currencies. */
function fieldsAsked(kind: Kind, columns: Field[]): string[] {
  const known = new Set((kind.fields ?? []).map((one) => one.name));
  const needed = columns.flatMap((one) =>
    one.unit === 'minor' ? [one.name, one.currency ?? 'currency'] : [one.name],
  );
  return [...new Set(['id', ...needed, 'version'])].filter((name) => known.has(name));
}

export function asked(kind: Kind, search: URLSearchParams): URLSearchParams {
  const query = new URLSearchParams(search);
  const columns = chosenColumns(kind, search);
  query.set('fields', fieldsAsked(kind, columns).join(','));
  query.set('limit', String(sizeOf(search)));
  query.set('expand', 'names');
  return query;
}

/**
 * What all rows of the question come to: how many there are, facets and totals. It looks at many
 * of them, so it comes apart: a page of rows takes as long however many there are.
 */
export function askedOfAll(kind: Kind, search: URLSearchParams): URLSearchParams {
  const [facets, totals] = [facetsOf(kind), totalsOf(chosenColumns(kind, search))];
  const query = changed(search, () => undefined);
  query.delete('sort');
  query.set('fields', 'id');
  query.set('limit', '1');
  query.set('count', 'capped');
  if (facets.length > 0) query.set('facets', facets.join(','));
  if (totals.length > 0) query.set('totals', totals.join(','));
  return query;
}

/** The same question as a file: all rows, the columns that are shown. */
/** The lists within each thing that a file can have a row for each of: the lines of an order. */
export function linesOf(kind: Kind): readonly Field[] {
  return (kind.fields ?? []).filter((one) => one.many === true && (one.fields ?? []).length > 0);
}

export function asFile(kind: Kind, search: URLSearchParams, format: string, each?: string): string {
  const query = changed(search, (next) => {
    next.delete('limit');
    next.set('fields', chosenColumns(kind, search).map((one) => one.name).join(','));
    if (each !== undefined) next.set('each', each);
    next.set('format', format);
    next.set('expand', 'names');
  });
  return `${kind.address ?? ''}?${query.toString()}`;
}

export function sortedBy(search: URLSearchParams): { field: string; down: boolean } | null {
  const first = search.get('sort')?.split(',')[0];
  if (first === undefined || first === '') return null;
  return first.startsWith('-')
    ? { field: first.slice(1), down: true }
    : { field: first, down: false };
}
