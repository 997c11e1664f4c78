import { expect, test } from 'vitest';
import type { Field } from '../../api/shapes';
import { tilesOf } from './tiles';

const amount: Field = { name: 'amount', label: 'Amount', type: 'integer', unit: 'minor' };
const customers: Field = { name: 'new_customers', label: 'New customers', type: 'integer' };

test('money stays apart by currency, and what has none is counted over all', () => {
  const rows = [
    { currency: '', amount: 0, new_customers: 3 },
    { currency: 'CNY', amount: 500, new_customers: 1 },
    { currency: 'USD', amount: 70, new_customers: 0 },
  ];
  expect(tilesOf([amount, customers], rows).map((one) => [one.currency, one.value])).toEqual([
    ['CNY', 500],
    ['USD', 70],
    [undefined, 4],
  ]);
});
