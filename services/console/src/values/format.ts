/** Values as people read them: by the field's type and unit, never by its name. */
import type { Field, Row } from '../api/shapes';
import type { Translate } from '../app/preferences';
import { isTextName } from '../texts';
import { inPacks, isPacked } from './packs';

export interface Manner {
  language: string;
  zone: string;
  digitsOf: (currency: string | undefined) => number;
  text: Translate;
}

/** A description without the marks of code in it. */
export function plain(words: string): string {
  return words.replaceAll('`', '');
}

/** What a column is called: a unit in its label is that of the API, and not of what is shown. */
export function headOf(field: Field): string {
  return field.unit === 'basis_points' ? field.label.replace(/\s*[(（].*[)）]$/, '') : field.label;
}

const DAY = 86_400;
const HOUR = 3_600;
const MINUTE = 60;

export function money(minor: number, currency: string | undefined, manner: Manner): string {
  const digits = manner.digitsOf(currency);
  const style = currency === undefined ? {} : { style: 'currency', currency } as const;
  const format = new Intl.NumberFormat(manner.language, {
    ...style,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  // There is no less than nothing: -0 is 0.
  return format.format(minor / 10 ** digits + 0);
}

/** From here on a number is told in the large units of the language: 万 and 亿, or K and M. */
const LARGE = 10_000;

/** An amount where there is little room: in the heads of figures and in charts, never in tables. */
export function shortMoney(minor: number, currency: string | undefined, manner: Manner): string {
  const major = minor / 10 ** manner.digitsOf(currency);
  if (Math.abs(major) < LARGE) return money(minor, currency, manner);
  const style = currency === undefined ? {} : ({ style: 'currency', currency } as const);
  const compact = { notation: 'compact', minimumFractionDigits: 0, maximumFractionDigits: 2 } as const;
  return new Intl.NumberFormat(manner.language, { ...style, ...compact }).format(major);
}

/** As `format` tells it, but for large amounts of money. */
export function short(value: unknown, field: Field, manner: Manner, currency?: string): string {
  const isMoney = typeof value === 'number' && field.unit === 'minor' && currency !== '';
  return isMoney ? shortMoney(value, currency, manner) : format(value, field, manner, currency);
}

/** The two largest units that are not nothing. */
export function duration(seconds: number, manner: Manner): string {
  const parts = [
    ['duration.days', Math.floor(seconds / DAY)],
    ['duration.hours', Math.floor((seconds % DAY) / HOUR)],
    ['duration.minutes', Math.floor((seconds % HOUR) / MINUTE)],
    ['duration.seconds', Math.floor(seconds % MINUTE)],
  ] as const;
  const from = parts.findIndex(([, n]) => n > 0);
  if (from < 0) return manner.text('duration.seconds', { n: 0 });
  return parts
    .slice(from, from + 2)
    .filter(([, n]) => n > 0)
    .map(([name, n]) => manner.text(name, { n }))
    .join(' ');
}

export function instant(value: string, manner: Manner): string {
  const at = new Date(value);
  if (Number.isNaN(at.getTime())) return value;
  const format = new Intl.DateTimeFormat(manner.language, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: manner.zone,
    hourCycle: 'h23',
  });
  return format.format(at);
}

/**
 * Which currency an amount is in: the field beside it says so, else the thing that it is of. It is
 * empty where that field is: then there is none, and the value is a number of something else.
 */
export function currencyOf(field: Field, row: Row, of?: Row): string | undefined {
  const name = field.currency ?? 'currency';
  if (row[name] === null) return '';
  const found = row[name] ?? of?.[name];
  return typeof found === 'string' && found !== '' ? found : undefined;
}

function number(value: number, field: Field, currency: string | undefined, manner: Manner): string {
  const plain = new Intl.NumberFormat(manner.language, { maximumFractionDigits: 4 });
  switch (field.unit) {
    case 'minor':
      return currency === '' ? plain.format(value) : money(value, currency, manner);
    case 'basis_points':
      return `${plain.format(value / 100)} %`;
    case 'seconds':
      return duration(value, manner);
    case 'days':
      return manner.text('duration.days', { n: plain.format(value) });
    default:
      return plain.format(value);
  }
}

/** What comes with the platform has words; what a company named itself is as it wrote it. */
export function named(group: 'stage' | 'role' | 'process' | 'purpose' | 'note', said: string, text: Translate): string {
  const name = `${group}.${said}`;
  return isTextName(name) ? text(name) : said;
}

const OF_STAGES = /(^|_)(stage|pipeline)$/;

/** The size of a file. */
export function bytes(size: number, manner: Manner): string {
  const [unit, each] = size < 1_000_000 ? ['kilobyte', 1_000] : ['megabyte', 1_000_000];
  const shape = { style: 'unit', unit, maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(manner.language, shape).format(size / Number(each));
}

export function format(value: unknown, field: Field, manner: Manner, currency?: string): string {
  if (value === null || value === undefined || value === '') return manner.text('value.none');
  if (Array.isArray(value)) {
    if (value.some((one) => typeof one === 'object')) {
      return manner.text('card.rows', { n: value.length });
    }
    const each = value.map((one) => format(one, field, manner, currency));
    return each.length === 0 ? manner.text('value.none') : each.join(', ');
  }
  if (typeof value === 'boolean') return manner.text(value ? 'value.yes' : 'value.no');
  if (typeof value === 'number') return number(value, field, currency, manner);
  if (isPacked(value)) return inPacks(value, (n) => number(n, field, undefined, manner));
  if (typeof value === 'object') return JSON.stringify(value);
  const said = String(value);
  if (field.type === 'instant') return instant(said, manner);
  if (OF_STAGES.test(field.name)) return named('stage', said, manner.text);
  return field.choices?.find((one) => one.value === said)?.label ?? said;
}
