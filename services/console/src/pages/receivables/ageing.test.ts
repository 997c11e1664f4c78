import { expect, test } from 'vitest';
import { overdue, totalOf, worstFirst } from './ageing';

const rows = [
  { customer: 'a', currency: 'CNY', open: 30, not_due: 20, days_1_30: 10 },
  { customer: 'b', currency: 'CNY', open: 50, not_due: 0, days_61_90: 50 },
  { customer: 'c', currency: 'USD', open: 5, not_due: 5 },
];

test('who owes most for too long comes first', () => {
  expect(rows.map(overdue)).toEqual([10, 50, 0]);
  expect(worstFirst(rows).map((row) => row.customer)).toEqual(['b', 'a', 'c']);
});

test('amounts of two currencies are never added up', () => {
  expect(totalOf(rows, 'CNY')).toMatchObject({ open: 80, not_due: 20, days_1_30: 10, days_61_90: 50 });
  expect(totalOf(rows, 'USD')).toMatchObject({ open: 5 });
});
