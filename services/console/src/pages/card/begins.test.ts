import { expect, test } from 'vitest';
import type { Command, Kind } from '../../api/shapes';
import { beginningsOf } from './begins';

const field = (name: string, names: string[], optional = false) => ({ name, names, optional });
const deal = {
  name: 'opportunity',
  fields: [field('id', ['opportunity']), field('customer', ['customer']), field('rep', ['rep'])],
} as unknown as Kind;
const quote = {
  name: 'draft-quotation',
  kind: 'quotation',
  begins: true,
  fields: [
    field('id', ['quotation']),
    field('customer', ['customer']),
    field('warehouse', ['warehouse']),
    field('rep', ['rep'], true),
    field('opportunity', ['opportunity'], true),
  ],
} as unknown as Command;

test('a form that is begun for a thing knows it, and whom it needs besides', () => {
  const row = { id: 'OP-1', customer: 'c 1', rep: 'li' };
  const [found] = beginningsOf([quote], deal, row);
  expect(found?.to).toBe('/commands/draft-quotation?opportunity=OP-1&customer=c+1');
});

test('what begins nothing, or has no place for the thing, is not among them', () => {
  const row = { id: 'OP-1' };
  const send = { ...quote, begins: false };
  const other = { ...quote, fields: quote.fields.filter((one) => one.name !== 'opportunity') };
  expect(beginningsOf([send, other, { ...quote, kind: 'opportunity' }], deal, row)).toEqual([]);
});
