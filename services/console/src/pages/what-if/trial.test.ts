import { expect, test } from 'vitest';
import { addressOf, more, searchOf, trialOf } from './trial';

const trial = { settings: 'loyalty.earning', first: '2026-10-01', last: '2026-10-31', values: { points: 2 } };

test('the address of the page has all that is tried', () => {
  expect(trialOf(searchOf(trial))).toEqual(trial);
  expect(trialOf(new URLSearchParams({ settings: 'loyalty.earning' }))).toBeNull();
  expect(trialOf(new URLSearchParams({ settings: 'a', first: 'b', last: 'c', values: '{' }))).toBeNull();
});

test('the last day is a part of the period', () => {
  expect(addressOf(trial)).toContain('since=2026-10-01&until=2026-11-01');
});

test('a difference has its sign', () => {
  const told = [{ was: 50, would_be: 100 }, { was: 5, would_be: 2 }, { was: 1, would_be: 1 }];
  expect(told.map((one) => more(one, 'en'))).toEqual(['+50', '-3', '']);
});
