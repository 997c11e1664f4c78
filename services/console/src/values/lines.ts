/** Differences as they are read: line by line, and of a line that is new or gone no more than that. */
import type { Difference, LineName } from './leaves';

export type LineState = 'same' | 'changed' | 'new' | 'gone';

export interface Line extends LineName {
  state: LineState;
  /** Each of its values. */
  rows: Difference[];
}

/** What stands in one place: a value of the thing itself, or a line of it. */
export type Part = Difference | Line;

export function isLine(part: Part): part is Line {
  return 'rows' in part;
}

function stateOf(rows: Difference[]): LineState {
  if (rows.every((one) => one.before === undefined)) return 'new';
  if (rows.every((one) => one.after === undefined)) return 'gone';
  return rows.every((one) => one.same) ? 'same' : 'changed';
}

/** A value of a line that is there on one side alone, but for what is empty. */
export function partsOf(differences: Difference[]): Part[] {
  const lines = new Map<string, Difference[]>();
  for (const one of differences) {
    if (one.line !== undefined) lines.set(one.line.path, [...(lines.get(one.line.path) ?? []), one]);
  }
  return differences.flatMap((one): Part[] => {
    if (one.line === undefined) return [one];
    const rows = lines.get(one.line.path) ?? [];
    return rows[0] === one ? [{ ...one.line, rows, state: stateOf(rows) }] : [];
  });
}

export function isSame(part: Part): boolean {
  return isLine(part) ? part.state === 'same' : part.same;
}

const TOLD = 4;

/** What tells most of a line in little room: its own first values, not its number and not what lies in it. */
export function tellingOf({ path, rows }: Line): Difference[] {
  return rows
    .filter((one) => !one.same && !one.path.slice(path.length + 1).includes('/'))
    .filter((one) => !path.endsWith(`/${String((one.after ?? one.before)?.row[lastOf(one)] ?? '')}`))
    .filter((one) => lastOf(one) !== 'line')
    .slice(0, TOLD);
}

function lastOf(one: Difference): string {
  return (one.after ?? one.before)?.field.name ?? '';
}
