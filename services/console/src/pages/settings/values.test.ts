import { expect, test } from 'vitest';
import type { Field } from '../../api/shapes';
import { changedOf, shownOf } from './values';

const fields: Field[] = [
  { name: 'days', label: 'Days', type: 'integer' },
  { name: 'routes', label: 'Routes', type: 'object', many: true },
  { name: 'prefix', label: 'Prefix', type: 'text', nullable: true },
];
const values = { days: 30, routes: [{ name: 'large' }], prefix: 'C' };

test('nothing is changed by looking', () => {
  expect(changedOf(fields, values, shownOf(fields, values))).toEqual({});
});

test('what differs is sent, and what was emptied is null', () => {
  const filled = { days: 45, routes: '[]', prefix: '' };
  expect(changedOf(fields, values, filled)).toEqual({ days: 45, routes: [], prefix: null });
});
