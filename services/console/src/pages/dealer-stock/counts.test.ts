import { expect, test } from 'vitest';
import type { LoggedEvent } from '../../api/shapes';
import { latestCounts, shareOf } from './counts';

function counted(position: number, stream: string, data: Record<string, unknown>, type = 'StockCounted') {
  const occurred_at = `2026-11-0${String(position)}T00:00:00Z`;
  return { position, stream, type, occurred_at, data: { holder: 'dealer', lot: null, counted_at: occurred_at, ...data } } as unknown as LoggedEvent;
}

const events = [
  counted(1, 'stock-d-01:P1', { counted: 90, difference: -10, reference: 'C1' }),
  counted(2, 'stock-WH:P1', { holder: 'warehouse', counted: 5, difference: 1, reference: 'C2' }),
  counted(3, 'stock-d-01:P2', { counted: 50, difference: 2, reference: 'C1' }),
  counted(4, 'stock-d-01:P1', { count: 'C1', quantity: 4 }, 'StockRecounted'),
  counted(5, 'stock-d-01:P2', { counted: 48, difference: 0, reference: 'C3' }),
];

test('the latest count of each item stands beside the book, as known by now, the largest variance first', () => {
  const found = latestCounts(events, 'dealer', null);
  expect(found.map((one) => [one.item, one.counted, one.book, one.variance])).toEqual([['P1', 90, 96, -6], ['P2', 48, 48, 0]]);
  expect(found.map(shareOf)).toEqual([-625, 0]);
});

test('an earlier moment knows the counts until then', () => {
  const found = latestCounts(events, 'dealer', '2026-11-03T12:00:00Z');
  expect(found.map((one) => [one.item, one.variance])).toEqual([['P1', -10], ['P2', 2]]);
});
