/** The fields of a card in groups, by what they are and not by what they are called. */
import type { Field, Kind } from '../../api/shapes';
import type { TextName } from '../../texts';

const OF_THE_RECORD = new Set(['version', 'position', 'occurred_at', 'recorded_at']);

export interface Group {
  title: TextName;
  fields: Field[];
}

/** Whether it tells of the record, and not of the thing. */
export function isOfTheRecord(field: Field): boolean {
  return OF_THE_RECORD.has(field.name);
}

/** Whether a value says nothing; 0 and no are something. */
export function isEmpty(value: unknown): boolean {
  return (
    value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  );
}

function titleOf(field: Field): TextName {
  if (isOfTheRecord(field)) return 'card.record';
  if (field.name !== 'id' && (field.names ?? []).length > 0) return 'card.references';
  if (field.unit === 'minor' || field.type === 'currency') return 'card.amounts';
  if (field.type === 'instant' || field.type === 'day') return 'card.dates';
  return 'card.details';
}

const ORDER: TextName[] = [
  'card.details',
  'card.references',
  'card.amounts',
  'card.dates',
  'card.record',
];

export function groupsOf(kind: Kind): Group[] {
  const plain = (kind.fields ?? []).filter((one) => (one.fields ?? []).length === 0);
  return ORDER.map((title) => ({
    title,
    fields: plain.filter((one) => titleOf(one) === title),
  })).filter((one) => one.fields.length > 0);
}

/** Fields that are lists of objects, or one object: tables of their own. */
export function tablesOf(kind: Kind, but: string[] = []): Field[] {
  return (kind.fields ?? []).filter((one) => (one.fields ?? []).length > 0 && !but.includes(one.name));
}
