import dayjs from 'dayjs';
import { expect, test } from 'vitest';
import { DAY, PERIODS, periodOf } from './periods';

const today = dayjs('2026-11-30');
const of = (name: string) =>
  PERIODS.find((one) => one.name === name)?.days(today)?.map((day) => day.format(DAY));

test('periods reach from their first day to today, or are over', () => {
  expect(of('month')).toEqual(['2026-11-01', '2026-11-30']);
  expect(of('last-month')).toEqual(['2026-10-01', '2026-10-31']);
  expect(of('quarter')).toEqual(['2026-10-01', '2026-11-30']);
  expect(of('year')).toEqual(['2026-01-01', '2026-11-30']);
});

test('a period is known again by its days', () => {
  expect(periodOf('2026-10-01', '2026-10-31', today)).toBe('last-month');
  expect(periodOf(null, null, today)).toBe('all');
  expect(periodOf('2026-10-02', '2026-10-31', today)).toBe('other');
});
