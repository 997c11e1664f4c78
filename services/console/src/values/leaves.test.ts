import { expect, test } from 'vitest';
import type { Field } from '../api/shapes';
import { differencesOf, leavesOf } from './leaves';

const item: Field = { name: 'item', label: 'Item', type: 'text' };
const quantity: Field = { name: 'quantity', label: 'Quantity', type: 'integer' };
const status: Field = { name: 'status', label: 'Status', type: 'text' };
const lines: Field = { name: 'lines', label: 'Lines', type: 'object', many: true, fields: [item, quantity] };
const changed = (before: object, after: object) =>
  differencesOf([status, lines], { ...before }, { ...after })
    .filter((one) => !one.same)
    .map((one) => one.path);

test('a line is followed by what it is of, wherever it stands', () => {
  const tea = { item: 'tea', quantity: 1 };
  const rice = { item: 'rice', quantity: 2 };
  expect(changed({ lines: [tea, rice] }, { lines: [rice, tea] })).toEqual([]);
  expect(changed({ lines: [tea, rice] }, { lines: [rice, { ...tea, quantity: 3 }] })).toEqual([
    'lines/tea/quantity',
  ]);
});

test('what came and what went stands apart, and empty is empty', () => {
  const before = { status: null, lines: [{ item: 'tea', quantity: 1 }] };
  const after = { status: '', lines: [{ item: 'rice', quantity: 1 }] };
  expect(changed(before, after)).toEqual([
    'lines/rice/item',
    'lines/rice/quantity',
    'lines/tea/item',
    'lines/tea/quantity',
  ]);
});

test('lines with nothing of their own are told by their number', () => {
  const two = { lines: [{ item: 'tea', quantity: 1 }, { item: 'tea', quantity: 2 }] };
  expect(leavesOf([lines], two).map((one) => one.label)).toEqual([
    'Lines 1 › Item',
    'Lines 1 › Quantity',
    'Lines 2 › Item',
    'Lines 2 › Quantity',
  ]);
});
