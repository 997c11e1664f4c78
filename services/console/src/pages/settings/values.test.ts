import { expect, test } from 'vitest';
import type { Field } from '../../api/shapes';
import { changedOf, isFree, shownOf } from './values';

const name: Field = { name: 'name', label: 'Name', type: 'text' };
const hours: Field = { name: 'hours', label: 'Hours', type: 'integer', nullable: true };
const signers: Field = { name: 'signers', label: 'Signers', type: 'object', many: true, fields: [name] };
const fields: Field[] = [
  { name: 'days', label: 'Days', type: 'integer' },
  { name: 'routes', label: 'Routes', type: 'object', many: true, fields: [name, hours, signers] },
  { name: 'least', label: 'Least', type: 'integer', unit: 'basis_points' },
  { name: 'prefix', label: 'Prefix', type: 'text', nullable: true },
];
const large = { name: 'large', hours: null, signers: [{ name: 'li' }] };
const values = { days: 30, routes: [large], least: 250, prefix: 'C' };

test('nothing is changed by looking', () => {
  expect(changedOf(fields, values, shownOf(fields, values))).toEqual({});
});

test('what differs is sent, and what was emptied is null', () => {
  const filled = { days: 45, routes: [], least: 1.1, prefix: '' };
  expect(changedOf(fields, values, filled)).toEqual({ days: 45, routes: [], least: 110, prefix: null });
});

test('a row is sent whole, down to the rows within it', () => {
  const added = { name: 'all', signers: [{ name: 'wang' }, {}] };
  const filled = { ...shownOf(fields, values), routes: [added, large] };
  expect(changedOf(fields, values, filled)).toEqual({
    routes: [{ name: 'all', hours: null, signers: [{ name: 'wang' }, { name: '' }] }, large],
  });
});

test('what comes empty may stay so', () => {
  const delivered = { days: 30, routes: [], least: 1, prefix: '' };
  expect(fields.filter((one) => isFree(one, delivered)).map((one) => one.name)).toEqual(['routes', 'prefix']);
});
