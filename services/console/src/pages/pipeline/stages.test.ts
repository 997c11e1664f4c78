import { describe, expect, test } from 'vitest';
import { forecastOf, isStuck, pipelinesOf, secondsIn, stagesOf, stuckBefore } from './stages';

const rows = [
  { pipeline: 'standard', stage: 'proposal', currency: 'CNY', deals: 4, entered: 9, average_seconds: 100 },
  { pipeline: 'standard', stage: 'won', currency: 'CNY', deals: 3, entered: 3, average_seconds: null },
  { pipeline: 'tender', stage: 'announced', currency: 'CNY', deals: 1, entered: 1, average_seconds: null },
];
const order = ['qualification', 'proposal', 'won'].map((stage) => ({ pipeline: 'standard', stage }));
const now = Date.parse('2026-11-30T12:00:00Z');

describe('stages', () => {
  test('are all of one pipeline, in its order', () => {
    expect(pipelinesOf(rows)).toEqual(['standard', 'tender']);
    expect(stagesOf(rows, order, 'standard').map((one) => [one.name, one.deals])).toEqual([
      ['qualification', 0],
      ['proposal', 4],
      ['won', 3],
    ]);
  });

  test('of two currencies are one stage, with the time of all that left it', () => {
    const two = ['CNY', 'USD'].map((currency, index) => ({
      ...{ pipeline: 'p', stage: 's', currency, deals: 1, entered: 2 },
      ...{ advanced: 1, went_back: 0, lost: 0, seconds: 100 * (index + 1) },
    }));
    expect(stagesOf(two, [], 'p')).toMatchObject([{ deals: 2, entered: 4, usual: 150 }]);
  });
});

describe('a deal', () => {
  const [, proposal, won] = stagesOf(rows, order, 'standard');
  const since = (seconds: number) => ({ stage_since: new Date(now - seconds * 1000).toISOString() });

  test('is stuck after twice the usual time', () => {
    if (proposal === undefined || won === undefined) throw new Error('two stages');
    expect(secondsIn(since(90), now)).toBe(90);
    expect(isStuck(since(200), proposal, now)).toBe(false);
    expect(isStuck(since(201), proposal, now)).toBe(true);
    expect(stuckBefore(proposal, now)).toBe('2026-11-30T11:56:40.000Z');
  });

  test('is never stuck where no time is usual yet', () => {
    if (won === undefined) throw new Error('two stages');
    expect(isStuck(since(1e9), won, now)).toBe(false);
    expect(stuckBefore(won, now)).toBeNull();
  });
});

test('of what is open as much is expected as went on from there to the end', () => {
  const row = (stage: string, amount: number, conversion_bp: number | null) =>
    ({ pipeline: 'p', stage, currency: 'CNY', deals: 1, amount, conversion_bp });
  const rows = [row('first', 1_000, 5_000), row('second', 2_000, 8_000), row('won', 9_000, null), row('lost', 1, null)];
  const order = ['first', 'second', 'won', 'lost'].map((stage) => ({ pipeline: 'p', stage }));
  expect(forecastOf(stagesOf(rows, order, 'p'))).toEqual([{ currency: 'CNY', open: 3_000, expected: 400 + 1_600 }]);
});
