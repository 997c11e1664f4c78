/** How the lines of a statement lead from what was owed before to what is owed after. */
import type { Row } from '../../api/shapes';

export interface RunningLine extends Row {
  /** What is owed after it. */
  balance: number;
}

export function running(opening: number, lines: Row[]): RunningLine[] {
  let balance = opening;
  return lines.map((line) => {
    balance += Number(line.amount);
    return { ...line, balance };
  });
}

export type LineState = 'agreed' | 'disputed' | 'settled';

export function stateOf(line: Row): LineState {
  if (typeof line.disputed !== 'string') return 'agreed';
  return typeof line.outcome === 'string' ? 'settled' : 'disputed';
}

/** What may be done with a line of a statement that is in that state. */
export function commandFor(status: unknown, line: Row): 'dispute-statement-line' | 'settle-statement-line' | null {
  if (status !== 'sent' && status !== 'disputed') return null;
  const state = stateOf(line);
  if (state === 'settled') return null;
  return state === 'agreed' ? 'dispute-statement-line' : 'settle-statement-line';
}

/** The document that a line tells of, as the log calls it: `order-SO-1` of `order-SO-1:4`. */
export function documentOf(line: Row): string {
  return String(line.line).replace(/:[^:]*$/, '');
}
