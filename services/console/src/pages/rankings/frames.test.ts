import dayjs from 'dayjs';
import { expect, test } from 'vitest';
import { framesOf, greatest, paceOf, placesAtTheEnd } from './frames';

const today = dayjs('2026-11-30');

test('weeks end on Sunday, and the last look is that of the last day', () => {
  expect(framesOf('week', '2026-11-10', null, today)).toEqual(['2026-11-15', '2026-11-22', '2026-11-29', '2026-11-30']);
  expect(framesOf('week', '2026-11-10', '2026-11-22', today)).toEqual(['2026-11-15', '2026-11-22']);
});

test('months end on their last day, days one by one, and nothing is asked of the future', () => {
  expect(framesOf('month', '2026-08-15', '2026-12-31', today)).toEqual(['2026-08-31', '2026-09-30', '2026-10-31', '2026-11-30']);
  expect(framesOf('day', '2026-11-28', '2026-12-31', today)).toEqual(['2026-11-28', '2026-11-29', '2026-11-30']);
});

test('a long period is looked at in its latest part, and a period to come once', () => {
  expect(framesOf('day', '2020-01-01', null, today)).toHaveLength(40);
  expect(framesOf('month', null, null, today)[0]).toBe('2025-11-30');
  expect(framesOf('week', '2026-12-05', null, today)).toEqual(['2026-11-30']);
});

test('bars share one scale, and a pace is one that there is', () => {
  const page = (n: number) => ({ data: [{ amount: n }], cursor: null, next: null, freshness: {} as never });
  expect(greatest([page(3), undefined, page(9)], 'amount')).toBe(9);
  expect([paceOf('week'), paceOf('year'), paceOf(null)]).toEqual(['week', null, null]);
});

test('whoever fell behind keeps a colour, after those who came first in the end', () => {
  const page = (...names: string[]) =>
    ({ data: names.map((subject) => ({ subject })), cursor: null, next: null, freshness: {} as never });
  const places = placesAtTheEnd([page('li', 'wang'), undefined, page('chen', 'li')]);
  expect([...places.keys()].map((one) => one.trim())).toEqual(['chen', 'li', 'wang']);
});
