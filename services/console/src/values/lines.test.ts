import { expect, test } from 'vitest';
import type { Field } from '../api/shapes';
import { differencesOf } from './leaves';
import { isLine, partsOf, tellingOf } from './lines';

const item: Field = { name: 'item', label: 'Item', type: 'text' };
const quantity: Field = { name: 'quantity', label: 'Quantity', type: 'integer' };
const status: Field = { name: 'status', label: 'Status', type: 'text' };
const lines: Field = { name: 'lines', label: 'Lines', type: 'object', many: true, fields: [item, quantity] };

test('a line is one part, however many values of it differ', () => {
  const row = (name: string, n: number) => ({ item: name, quantity: n });
  const before = { status: 'draft', lines: [row('tea', 1), row('rice', 2), row('salt', 3)] };
  const after = { status: 'sent', lines: [row('tea', 1), row('rice', 5), row('oil', 4)] };
  const parts = partsOf(differencesOf([status, lines], before, after));
  expect(parts.map((one) => [one.label, isLine(one) ? one.state : one.same])).toEqual([
    ['Status', false],
    ['Lines tea', 'same'],
    ['Lines rice', 'changed'],
    ['Lines oil', 'new'],
    ['Lines salt', 'gone'],
  ]);
  const oil = parts.filter(isLine).find((one) => one.label === 'Lines oil');
  expect(oil === undefined ? [] : tellingOf(oil).map((one) => one.path)).toEqual(['lines/oil/quantity']);
});
