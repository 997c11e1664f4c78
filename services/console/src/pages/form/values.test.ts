import { describe, expect, test } from 'vitest';
import type { Command, Field } from '../../api/shapes';
import { bodyOf, filledFrom, partsOf, pathOf, touched } from './values';

const digitsOf = (currency: string | undefined) => (currency === 'JPY' ? 0 : 2);
const price: Field = { name: 'price', label: 'Price', type: 'integer', unit: 'minor', currency: 'currency' };
const currency: Field = { name: 'currency', label: 'Currency', type: 'currency' };
const discount: Field = { name: 'discount', label: 'Discount', type: 'integer', unit: 'basis_points' };
const city: Field = { name: 'city', label: 'City', type: 'text', optional: true, nullable: true };
const lines: Field = { name: 'lines', label: 'Lines', type: 'object', many: true, fields: [price, discount] };

describe('the body of a command', () => {
  test('has money in minor units of its currency, without the errors of fractions', () => {
    expect(bodyOf([price, currency], { price: 19.99, currency: 'CNY' }, digitsOf)).toEqual({
      price: 1999,
      currency: 'CNY',
    });
    expect(bodyOf([price], { price: 500, currency: 'JPY' }, digitsOf)).toEqual({ price: 500 });
  });

  test('has each line with its own units', () => {
    const filled = { currency: 'CNY', lines: [{ price: 1.1, discount: 2.5 }] };
    expect(bodyOf([lines], filled, digitsOf)).toEqual({ lines: [{ price: 110, discount: 250 }] });
  });

  test('leaves out what was left empty, and clears what was emptied', () => {
    expect(bodyOf([city], { city: '' }, digitsOf)).toEqual({});
    expect(bodyOf([city], { city: '' }, digitsOf, { city: 'Suzhou' })).toEqual({ city: null });
  });
});

test('a change begins with the state, in the units that people write', () => {
  const record = { price: 1999, currency: 'CNY', city: null };
  expect(filledFrom([price, city], record, digitsOf)).toEqual({ price: 19.99 });
});

test('lines that are sent anew begin as they are, but for prices that are found again', () => {
  const item: Field = { name: 'item', label: 'Item', type: 'text' };
  const fixed: Field = { ...price, name: 'unit_price' };
  const sold = { ...lines, fields: [item, fixed, discount] };
  const line = { item: 'P1', unit_price: 1999, discount: 250, cost: 7 };
  const record = { currency: 'CNY', lines: [{ ...line, pricing: {} }, { ...line, pricing: null }] };
  expect(filledFrom([sold], record, digitsOf).lines).toEqual([
    { item: 'P1', discount: 2.5 },
    { item: 'P1', unit_price: 19.99, discount: 2.5 },
  ]);
  expect(filledFrom([{ ...sold, optional: true }], record, digitsOf)).toEqual({});
  const [quantity, unit] = ['quantity', 'unit'].map((name): Field => ({ name, label: name, type: 'any' }));
  const packed = { quantity: 3, unit: 'case', factor: 24, unit_price: 4800 };
  const cases = { currency: 'CNY', lines: [{ item: 'P1', quantity: 72, unit_price: 200, packed }] };
  expect(filledFrom([{ ...sold, fields: [item, quantity, unit, fixed] as Field[] }], cases, digitsOf).lines).toEqual([
    { item: 'P1', quantity: 3, unit: 'case', unit_price: 48 },
  ]);
});

test('what was left as it was is not sent, so that nobody is overwritten', () => {
  const begun = { city: 'Suzhou', currency: 'CNY' };
  expect(touched([city, currency], { ...begun, price: 1 }, begun)).toEqual([currency]);
  expect(touched([city], { city: 'Wuxi' }, begun)).toEqual([city]);
});

test('a fault leads to its field', () => {
  expect(pathOf({ message: '', pointer: '#/lines/0/quantity' })).toEqual(['lines', 0, 'quantity']);
  expect(pathOf({ message: '', parameter: 'x' })).toBeUndefined();
});

test('an id made of two parts fills the fields that name both', () => {
  const told = (...names: string[]) => ({ fields: names.map((name) => ({ name })) }) as unknown as Command;
  const dispute = told('occurred_at', 'dealer', 'statement', 'line');
  expect(partsOf(dispute, 'd-01:CNY-2026-03')).toEqual({ dealer: 'd-01', statement: 'CNY-2026-03' });
  expect(partsOf(dispute, null)).toEqual({});
  expect(partsOf(told('id', 'name'), 'a:b')).toEqual({});
});
