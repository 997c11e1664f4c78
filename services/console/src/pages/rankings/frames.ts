/** The days at which a race over time is looked at: the ends of days, weeks or months. */
import dayjs, { type Dayjs } from 'dayjs';
import type { ListPage, Row } from '../../api/shapes';
import { DAY } from './periods';

export const PACES = ['day', 'week', 'month'] as const;
export type Pace = (typeof PACES)[number];

/** So many looks are asked for, the latest of a longer period. */
const MOST = 40;
/** Of an open beginning. */
const USUAL: Record<Pace, number> = { day: 31, week: 27, month: 13 };

export function paceOf(value: string | null): Pace | null {
  return PACES.find((one) => one === value) ?? null;
}

function endBefore(day: Dayjs, pace: Pace): Dayjs {
  if (pace === 'month') return day.startOf('month').subtract(1, 'day');
  // Weeks end on Sunday.
  return day.subtract(pace === 'day' ? 1 : day.day() || 7, 'day');
}

/** In order; the last is the last day of the period, or today where it goes on. */
export function framesOf(pace: Pace, first: string | null, last: string | null, today: Dayjs): string[] {
  const most = first === null ? USUAL[pace] : MOST;
  const end = last === null || dayjs(last).isAfter(today) ? today : dayjs(last);
  const found: string[] = [];
  for (let day = end; found.length < most && (first === null || day.format(DAY) >= first); ) {
    found.unshift(day.format(DAY));
    day = endBefore(day, pace);
  }
  return found.length === 0 ? [end.format(DAY)] : found;
}

/** The greatest number of all pages, so that a bar grows as its number does. */
export function greatest(pages: (ListPage | undefined)[], measure: string): number {
  const rows = pages.flatMap((one) => one?.data ?? []);
  return Math.max(1, ...rows.map((row) => Number(row[measure] ?? 0)));
}

/** By whom a row is known from frame to frame. */
export function contender(row: Row): string {
  return `${String(row.subject)} ${String(row.currency ?? '')}`;
}

/** Each has the colour of its place in the last frame that came, and keeps it in all the others. */
export function placesAtTheEnd(pages: (ListPage | undefined)[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const page of [...pages].reverse()) {
    for (const row of page?.data ?? []) {
      const name = contender(row);
      if (!found.has(name)) found.set(name, found.size);
    }
  }
  return found;
}
