import { describe, expect, test } from 'vitest';
import type { LoggedEvent, Row } from '../../api/shapes';
import { lotsOf, redemptionsOf } from './lots';

let position = 0;

function event(type: string, data: Row): LoggedEvent {
  position += 1;
  return { position, type, data, occurred_at: '2026-03-02T10:00:00Z' } as LoggedEvent;
}

function earned(lot: string, points: number, expires_on: string | null = null): LoggedEvent {
  return event('PointsEarned', { lot, purchase: lot, points, settled: 0, expires_on });
}

function left(events: LoggedEvent[]): Record<string, number> {
  return Object.fromEntries(lotsOf(events).map((lot) => [lot.name, lot.left]));
}

const [spring, summer] = [earned('spring', 300, '2027-12-31'), earned('summer', 200, '2026-12-31')];
const tea = event('PointsRedeemed', {
  redemption: 'tea',
  points: 350,
  lots: [
    { lot: 'summer', points: 200 },
    { lot: 'spring', points: 150 },
  ],
});

describe('of the lots of a member', () => {
  test('a redemption takes what it names', () => {
    expect(left([spring, summer, tea])).toEqual({ spring: 150, summer: 0 });
  });

  test('those come first whose points end first, and those last that have none', () => {
    expect(lotsOf([spring, summer]).map((lot) => lot.name)).toEqual(['summer', 'spring']);
    expect(lotsOf([spring, summer, tea]).map((lot) => lot.name)).toEqual(['spring', 'summer']);
  });

  test('what is given back, expires or is taken back is told apart', () => {
    const back = event('RedemptionReversed', { redemption: 'tea', lots: [{ lot: 'summer', points: 200 }] });
    const over = event('PointsExpired', { lots: [{ lot: 'summer', points: 200 }] });
    const returned = event('PurchaseReturned', { lot: 'spring', points: 100, debt: 150 });
    const [first, second] = lotsOf([returned, over, back, tea, summer, spring]);
    expect(first).toMatchObject({ name: 'spring', spent: 150, takenBack: 100, left: 50 });
    expect(second).toMatchObject({ name: 'summer', spent: 0, expired: 200, left: 0 });
    expect(redemptionsOf([tea, back])[0]).toMatchObject({ name: 'tea', points: 350, reversed: true });
  });

  test('what paid a debt at once cannot be spent', () => {
    const paid = event('PointsEarned', { lot: 'late', purchase: 'late', points: 100, settled: 40 });
    expect(left([paid])).toEqual({ late: 60 });
  });
});
