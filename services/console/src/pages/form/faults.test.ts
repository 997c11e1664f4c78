import { expect, test } from 'vitest';
import type { Field } from '../../api/shapes';
import { faultsOf } from './faults';

const quantity: Field = { name: 'quantity', label: 'Quantity', type: 'integer' };
const lines: Field = { name: 'lines', label: 'Lines', type: 'object', many: true, fields: [quantity] };

test('a fault says in which line it is', () => {
  const found = [
    { name: ['lines', 1, 'quantity'], errors: ['It is needed.'] },
    { name: ['lines', 0, 'quantity'], errors: [] },
    { name: ['lines', 2, 'quantity'], errors: ['Quantity is needed'] },
    { name: ['lines'], errors: ['Lines are needed'] },
  ];
  expect(faultsOf([lines], found).map((one) => one.words)).toEqual([
    'Lines 2 › Quantity: It is needed.',
    'Lines 3: Quantity is needed',
    'Lines are needed',
  ]);
});
