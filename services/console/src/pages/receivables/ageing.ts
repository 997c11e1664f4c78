/** What is owed by how long it is overdue. */
import type { Row } from '../../api/shapes';

export const BUCKETS = ['not_due', 'days_1_30', 'days_31_60', 'days_61_90', 'over_90_days'];

export function overdue(row: Row): number {
  return BUCKETS.slice(1).reduce((sofar, one) => sofar + Number(row[one] ?? 0), 0);
}

/** Those first that owe most for too long. */
export function worstFirst(rows: Row[]): Row[] {
  return [...rows].sort((one, other) => overdue(other) - overdue(one));
}

export function totalOf(rows: Row[], currency: string): Row {
  const own = rows.filter((row) => row.currency === currency);
  const sum = (field: string) => own.reduce((sofar, row) => sofar + Number(row[field] ?? 0), 0);
  return { currency, ...Object.fromEntries(['open', ...BUCKETS, 'advance'].map((one) => [one, sum(one)])) };
}
