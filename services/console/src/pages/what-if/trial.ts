/** What is tried, as the address of the page says it and as the API is asked. */
import dayjs from 'dayjs';
import type { Row } from '../../api/shapes';

export const DAY = 'YYYY-MM-DD';

export interface Trial {
  settings: string;
  first: string;
  last: string;
  values: Row;
}

export function trialOf(search: URLSearchParams): Trial | null {
  const [settings, first, last] = ['settings', 'first', 'last'].map((name) => search.get(name));
  const values = valuesOf(search);
  if (settings == null || first == null || last == null || values === null) return null;
  return { settings, first, last, values };
}

function valuesOf(search: URLSearchParams): Row | null {
  try {
    const told: unknown = JSON.parse(search.get('values') ?? 'null');
    return typeof told === 'object' && !Array.isArray(told) ? (told as Row | null) : null;
  } catch {
    return null;
  }
}

export function searchOf({ settings, first, last, values }: Trial): URLSearchParams {
  return new URLSearchParams({ settings, first, last, values: JSON.stringify(values) });
}

/** The API is asked up to the day after the last, which is no part of the period. */
export function addressOf({ settings, first, last, values }: Trial): string {
  const until = dayjs(last).add(1, 'day').format(DAY);
  const query = new URLSearchParams({ since: first, until, values: JSON.stringify(values) });
  return `/what-if/${encodeURIComponent(settings)}?${query.toString()}`;
}

export interface Pair {
  was: number;
  would_be: number;
}

/** What would have been more, with its sign; nothing where it is the same. */
export function more({ was, would_be }: Pair, language: string): string {
  if (was === would_be) return '';
  return new Intl.NumberFormat(language, { signDisplay: 'always' }).format(would_be - was);
}
