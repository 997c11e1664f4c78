/** Targets as the tree that they are broken down into, and how they keep pace. */
import type { Names, Row } from '../../api/shapes';

export interface Target extends Row {
  target: string;
  children?: Target[];
}

/** By people, places and goods: whom a target is limited to most closely names it. */
const LIMITS = ['product', 'rep', 'region', 'department'] as const;

/** What tells a part from its whole: the days, or else whom or what it is limited to. */
export function nameOf(row: Row, whole: Row | undefined, names: Names, company: string): string {
  if (whole !== undefined && whole.period !== row.period) return String(row.period);
  const by = LIMITS.find((one) => typeof row[one] === 'string' && row[one] !== whole?.[one]);
  if (by === undefined) return whole === undefined ? company : String(row.target);
  return names[by]?.[String(row[by])] ?? String(row[by]);
}

/** Parts below their whole, periods in order and the others from the best to the worst. */
function inOrder(parts: Target[]): Target[] {
  return parts.sort(
    (one, other) =>
      String(one.level).localeCompare(String(other.level)) ||
      String(one.first).localeCompare(String(other.first)) ||
      Number(other.rate_bp ?? 0) - Number(one.rate_bp ?? 0),
  );
}

/** Those whose whole the reader may not see stand at the top. */
export function treeOf(rows: Row[]): Target[] {
  const found = new Map(rows.map((row) => [String(row.target), { ...row, target: String(row.target) } as Target]));
  const top: Target[] = [];
  for (const row of found.values()) {
    const whole = found.get(String(row.part_of));
    if (whole === undefined) top.push(row);
    else (whole.children ??= []).push(row);
  }
  for (const { children } of found.values()) if (children !== undefined) inOrder(children);
  return inOrder(top);
}

/** A whole may be broken down in several ways: the one with the most parts. */
export function mostParts(parts: Target[]): Target[] {
  const ways = new Map<string, Target[]>();
  for (const one of parts) {
    const way = `${String(one.level)} ${String(one.period)} ${typeof one.product}`;
    ways.set(way, [...(ways.get(way) ?? []), one]);
  }
  return [...ways.values()].sort((one, other) => other.length - one.length)[0] ?? [];
}

/** The periods of the tops, the latest first, and of these the one that a day lies in. */
export function periodsOf(tops: Target[], day: string): { periods: string[]; current: string | undefined } {
  const latest = [...tops].sort((one, other) => String(other.first).localeCompare(String(one.first)));
  const periods = [...new Set(latest.map((one) => String(one.period)))];
  const begun = latest.find((one) => String(one.first) <= day) ?? latest.at(-1);
  return { periods, current: begun === undefined ? undefined : String(begun.period) };
}

export type Pace = 'targets.ahead' | 'targets.onPace' | 'targets.behind' | 'targets.notBegun';

/** Of ten thousand: from here it is as good as on pace, and from there ahead. */
const [GOOD, AHEAD] = [9_500, 10_500];

export function paceOf(row: Row): Pace {
  if (typeof row.pace_bp !== 'number') return 'targets.notBegun';
  if (row.pace_bp >= AHEAD) return 'targets.ahead';
  return row.pace_bp >= GOOD ? 'targets.onPace' : 'targets.behind';
}
