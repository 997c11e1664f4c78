/** What is tried, and how it compares with what was. */
import type { Field, Row, TrialReport } from '../../api/shapes';
import { headOf, format, type Manner } from '../../values/format';

export const DAY = 'YYYY-MM-DD';

export interface Trial {
  id: string;
  values: Row;
}

/** What the address asks to be filled in: settings, days and values, whichever it names. */
export interface Asked {
  settings: string | null;
  first: string | null;
  last: string | null;
  values: Row;
}

export function askedOf(search: URLSearchParams): Asked {
  return {
    settings: search.get('settings'),
    first: search.get('first'),
    last: search.get('last'),
    values: valuesOf(search),
  };
}

function valuesOf(search: URLSearchParams): Row {
  try {
    const told: unknown = JSON.parse(search.get('values') ?? '{}');
    return typeof told === 'object' && !Array.isArray(told) ? ((told as Row | null) ?? {}) : {};
  } catch {
    return {};
  }
}

/** A trial in few words: each value under what it is called. */
export function wordsOf(values: Row, fields: Field[], manner: Manner): string {
  return Object.entries(values)
    .map(([name, value]) => {
      const field = fields.find((one) => one.name === name);
      return field === undefined ? `${name} ${String(value)}` : `${headOf(field)} ${format(value, field, manner)}`;
    })
    .join(' · ');
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

export const MEASURES = ['earned', 'redeemed', 'expired', 'taken_back', 'balance'] as const;

/** Of all dealers together; trials of one settings have the same past. */
export function sumOf(trial: TrialReport, measure: (typeof MEASURES)[number]): Pair {
  const sum = { was: 0, would_be: 0 };
  for (const dealer of trial.points?.dealers ?? []) {
    sum.was += dealer[measure].was;
    sum.would_be += dealer[measure].would_be;
  }
  return sum;
}
