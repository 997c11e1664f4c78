/** From what a person fills in to the body of a command, and from its faults back to the fields. */
import type { Fault } from '../../api/client';
import type { Command, Field, Row } from '../../api/shapes';
import { isPacked } from '../../values/packs';

export type FieldPath = (string | number)[];
export type DigitsOf = (currency: string | undefined) => number;

/** Fields that every command has, and few people need. */
const SELDOM = new Set(['occurred_at', 'dates']);

export function isSeldom(field: Field): boolean {
  return SELDOM.has(field.name);
}

/** Whether it is the id of what the command begins: nothing of that id is there to be found. */
export function isOwnId(field: Field, command: Command): boolean {
  if (command.begins !== true) return false;
  if (field.name === 'id') return true;
  const isNamed = command.fields.every((one) => one.name !== 'id');
  return isNamed && field.name === command.kind && (field.names ?? []).includes(command.kind);
}

/** People write 2.5 %, and not 250 basis points. */
export const PERCENT = 100;

/** How many of the smallest units one of those that people write is. */
export function scaleOf(field: Field, currency: string | undefined, digitsOf: DigitsOf): number {
  if (field.unit === 'basis_points') return PERCENT;
  return field.unit === 'minor' ? 10 ** digitsOf(currency) : 1;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function one(value: unknown, field: Field, scale: number): unknown {
  if (typeof value === 'number') return field.type === 'number' ? value : Math.round(value * scale);
  if (typeof value === 'string' && field.type === 'object') return JSON.parse(value) as unknown;
  return value;
}

/** Leaves out what was left empty; in a change, what was emptied is cleared by null. */
export function bodyOf(fields: Field[], filled: Row, digitsOf: DigitsOf, seen: Row = {}): Row {
  const body: Row = {};
  for (const field of fields) {
    const value = filled[field.name];
    if (isEmpty(value) || (Array.isArray(value) && value.length === 0)) {
      if (field.nullable === true && !isEmpty(seen[field.name])) body[field.name] = null;
      continue;
    }
    const currency = filled[field.currency ?? 'currency'] ?? seen[field.currency ?? 'currency'];
    const scale = scaleOf(field, typeof currency === 'string' ? currency : undefined, digitsOf);
    const within = field.fields ?? [];
    body[field.name] =
      Array.isArray(value) && within.length > 0
        ? value.map((row: Row) => bodyOf(within, { currency, ...row }, digitsOf))
        : one(value, field, scale);
  }
  return body;
}

/** A row as it begins: where one of some choices is needed, the first of them. */
export function begunRow(fields: Field[]): Row {
  return Object.fromEntries(
    fields
      .filter((each) => each.optional !== true && each.many !== true)
      .flatMap((each) => (each.choices ?? []).slice(0, 1).map(({ value }) => [each.name, value])),
  );
}

/** Lines that are sent anew as a whole begin as they are: what is sold, and not what happens to it. */
function isAnew(field: Field, value: unknown): value is Row[] {
  const isOfItems = (field.fields ?? []).some((one) => one.name === 'item');
  return field.optional !== true && isOfItems && Array.isArray(value);
}

/** What was said in packs is said in packs again. */
function saidOf(row: Row): Row {
  if (!isPacked(row.packed)) return {};
  const { quantity, unit, unit_price } = row.packed;
  return { quantity, unit, unit_price };
}

/** A price that lists and rules have found is found again, and not fixed by being sent. */
function lineFrom(fields: Field[], row: Row, digitsOf: DigitsOf, of: Row): Row {
  const isFound = !isEmpty(row.pricing);
  const kept = fields.filter((one) => !isFound || one.name !== 'unit_price');
  return filledFrom(kept, { currency: of.currency, ...row, ...saidOf(row) }, digitsOf);
}

/** The state as a form shows it, of the fields that a change has in common with the record. */
export function filledFrom(fields: Field[], record: Row, digitsOf: DigitsOf): Row {
  const filled: Row = {};
  for (const field of fields) {
    const value = record[field.name];
    const within = field.fields ?? [];
    if (isEmpty(value)) continue;
    if (within.length > 0) {
      if (isAnew(field, value)) filled[field.name] = value.map((row) => lineFrom(within, row, digitsOf, record));
      continue;
    }
    const currency = record[field.currency ?? 'currency'];
    const scale = scaleOf(field, typeof currency === 'string' ? currency : undefined, digitsOf);
    filled[field.name] = typeof value === 'number' ? value / scale : value;
  }
  return filled;
}

/** What was left as the form showed it is not sent: it may be another by now. */
export function touched(fields: Field[], filled: Row, begun: Row): Field[] {
  return fields.filter(
    (one) => one.optional !== true || (filled[one.name] ?? null) !== (begun[one.name] ?? null),
  );
}

/** `#/lines/0/quantity` is the field at lines, 0, quantity. */
export function pathOf(fault: Fault): FieldPath | undefined {
  const pointer = fault.pointer?.replace(/^#?\//, '');
  if (pointer === undefined || pointer === '') return undefined;
  return pointer
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

/** What a form begins with of the thing as it is: all that changes, or what it is sent anew with. */
export function shownAtFirst(command: Command): Field[] {
  if (isChange(command)) return command.fields.filter((one) => !isSeldom(one));
  const lines = command.begins === true ? [] : command.fields.filter((one) => (one.fields ?? []).length > 0);
  return [...identifying(command), ...lines];
}

/** What names the thing where no id does: of stock, its place and its item. */
export function identifying(command: Command): Field[] {
  if (command.fields.some((one) => one.name === 'id')) return [];
  return command.fields.filter((one) => one.optional !== true && (one.names ?? []).length > 0);
}

/** Of an id that is made of another's and its own, such as `d-01:CNY-2026-03`, the fields for both. */
export function partsOf(command: Command, id: string | null): Row {
  const at = id?.indexOf(':') ?? -1;
  const [whose, own] = command.fields.filter((one) => !isSeldom(one));
  if (id === null || at < 0 || whose === undefined || own === undefined || whose.name === 'id') return {};
  return { [whose.name]: id.slice(0, at), [own.name]: id.slice(at + 1) };
}

/** A command that changes fields is filled with what they are; any other begins empty. */
export function isChange(command: Command): boolean {
  return /^(change|reprice)-/.test(command.name);
}
