/** Settings as a form shows them, and what of them was changed. */
import type { Field, Row } from '../../api/shapes';

/** Lists of objects are written as JSON: they are rules, and few. */
export function isWritten(field: Field): boolean {
  return field.type === 'object';
}

export function shownOf(fields: Field[], values: Row): Row {
  return Object.fromEntries(
    fields.map((one) => [
      one.name,
      isWritten(one) ? JSON.stringify(values[one.name], null, 2) : values[one.name],
    ]),
  );
}

/** Those alone that differ; what was emptied is null. Throws where JSON is none. */
export function changedOf(fields: Field[], before: Row, filled: Row): Row {
  const changed: Row = {};
  for (const one of fields) {
    const typed = filled[one.name];
    const value = isWritten(one) && typeof typed === 'string' ? (JSON.parse(typed) as unknown) : typed;
    const now = value === undefined || value === '' ? null : value;
    if (JSON.stringify(now) !== JSON.stringify(before[one.name] ?? null)) changed[one.name] = now;
  }
  return changed;
}
