/** Settings as a form shows them, and what of them was changed. */
import type { Command, Field, Row } from '../../api/shapes';
import { PERCENT } from '../form/values';

/** Inputs ask what command they are of: settings are like a change of something that is there. */
export const NO_COMMAND = { name: '', begins: false } as Command;

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function rowsOf(value: unknown): Row[] {
  return (Array.isArray(value) ? value : []) as Row[];
}

function isShare(field: Field, value: unknown): value is number {
  return field.unit === 'basis_points' && typeof value === 'number';
}

function told(field: Field, value: unknown): unknown {
  const within = field.fields ?? [];
  if (within.length > 0) return rowsOf(value).map((row) => toldOf(within, row));
  if (isShare(field, value)) return Math.round(value * PERCENT);
  if (!isEmpty(value)) return value;
  if (field.type === 'truth') return false;
  if (field.many === true) return [];
  return field.type === 'text' && field.nullable !== true ? '' : null;
}

/** Every value as it is sent, down to the last row: what is empty says so. */
function toldOf(fields: Field[], row: Row): Row {
  return Object.fromEntries(fields.map((one) => [one.name, told(one, row[one.name])]));
}

/** Empty inputs show nothing, and not a null. */
export function shownOf(fields: Field[], values: Row): Row {
  return Object.fromEntries(
    fields.map((one) => {
      const value = values[one.name];
      const within = one.fields ?? [];
      if (within.length > 0) return [one.name, rowsOf(value).map((row) => shownOf(within, row))];
      return [one.name, isShare(one, value) ? value / PERCENT : (value ?? undefined)];
    }),
  );
}

/** Those alone that differ; what was emptied is null. */
export function changedOf(fields: Field[], before: Row, filled: Row): Row {
  const [was, is] = [toldOf(fields, shownOf(fields, before)), toldOf(fields, filled)];
  const differs = ({ name }: Field) => JSON.stringify(was[name]) !== JSON.stringify(is[name]);
  return Object.fromEntries(fields.filter(differs).map(({ name }) => [name, is[name]]));
}

/** Lists may be left empty, and what comes empty, such as a prefix. */
export function isFree(field: Field, delivered: Row): boolean {
  return field.many === true || (field.name in delivered && isEmpty(delivered[field.name]));
}
