import { expect, test } from 'vitest';
import type { LivePrice } from '../quotation/lines';
import { amountOf, askedOf, factorOf } from './totals';

test('a line comes to its price, given or found, less its discount, rounded half up', () => {
  const live = { amount: 3333 } as LivePrice;
  expect(amountOf({ quantity: 3, unit_price: 19.99 }, live, 100)).toBe(5997);
  expect(amountOf({ quantity: 3, discount_bp: 50 }, live, 100)).toBe(1667);
  expect(amountOf({ quantity: 3 }, undefined, 100)).toBeUndefined();
  expect(amountOf({ unit_price: 5 }, live, 100)).toBeUndefined();
});

test('no price is asked for what is not said', () => {
  expect(askedOf({ item: 'P1' })).toBeNull();
  expect(askedOf({ item: 'P1', quantity: 2 })).toEqual({ product: 'P1', quantity: '2' });
  expect(askedOf({ item: 'P1', quantity: 2, unit: 'case' })).toEqual({ product: 'P1', quantity: '2', unit: 'case' });
});

test('packs are as large as the platform says', () => {
  expect(factorOf({ quantity: 3 }, { quantity: 72 } as LivePrice)).toBe(24);
  expect(factorOf({ quantity: 3 }, undefined)).toBe(1);
});
