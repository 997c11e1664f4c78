import { expect, test } from 'vitest';
import type { TrialReport } from '../../api/shapes';
import { askedOf, more, sumOf } from './trial';

test('the address fills in what it names, and nothing where it cannot be read', () => {
  const search = new URLSearchParams({ settings: 'loyalty.earning', first: '2026-10-01', values: '{"points":2}' });
  expect(askedOf(search)).toEqual({ settings: 'loyalty.earning', first: '2026-10-01', last: null, values: { points: 2 } });
  expect(askedOf(new URLSearchParams({ values: '{' })).values).toEqual({});
});

test('a difference has its sign', () => {
  const told = [{ was: 50, would_be: 100 }, { was: 5, would_be: 2 }, { was: 1, would_be: 1 }];
  expect(told.map((one) => more(one, 'en'))).toEqual(['+50', '-3', '']);
});

test('a measure is of all dealers together', () => {
  const pair = (was: number, would_be: number) => ({ earned: { was, would_be } });
  const trial = { points: { dealers: [pair(50, 100), pair(5, 10)] } } as unknown as TrialReport;
  expect(sumOf(trial, 'earned')).toEqual({ was: 55, would_be: 110 });
});
