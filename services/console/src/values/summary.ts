/** Which fields tell most of a thing in little room. */
import type { Field, Kind } from '../api/shapes';

const TITLES = ['title', 'name', 'document', 'command'];
const STATES = ['due', 'due_at', 'amount', 'expires_at'];

/** What it is called, and what of it presses: at most two fields. */
export function summaryFields(kind: Kind): Field[] {
  const fields = kind.fields ?? [];
  const pick = (names: string[]) =>
    names.map((name) => fields.find((one) => one.name === name)).find((one) => one !== undefined);
  return [pick(TITLES), pick(STATES)].filter((one) => one !== undefined);
}

/** What a thing is called in its own record, else its id. */
export function titleOf(row: Record<string, unknown>): string {
  const name = row.name ?? row.title;
  return typeof name === 'string' && name !== '' ? name : String(row.id ?? '');
}
