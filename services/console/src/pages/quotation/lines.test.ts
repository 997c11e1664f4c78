import { expect, test } from 'vitest';
import { isShort, marginOf, standOf, type LivePrice, type QuotedLine } from './lines';

const line: QuotedLine = { line: 1, item: 'tea', quantity: 10, unit_price: 100, amount: 1000, cost: 600, pricing: null };
const now = (amount: number, available?: number) =>
  ({ amount, stock: available === undefined ? null : { warehouse: 'W', on_hand: 20, available } }) as LivePrice;

test('an offer is dearer, cheaper or the same now', () => {
  expect(standOf(line, now(1000))).toBe('same');
  expect(standOf(line, now(1100))).toBe('dearer');
  expect(standOf(line, now(900))).toBe('cheaper');
  expect(standOf(line, undefined)).toBe('unknown');
});

test('the margin is told to those who may see costs', () => {
  expect(marginOf(line)).toBe(4000);
  expect(marginOf({ amount: 1000 })).toBeUndefined();
});

test('stock is short where less is free than is offered', () => {
  expect(isShort(line, now(1000, 9))).toBe(true);
  expect(isShort(line, now(1000, 10))).toBe(false);
  expect(isShort(line, now(1000))).toBe(false);
});
