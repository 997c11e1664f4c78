import { describe, expect, test } from 'vitest';
import type { Kind } from '../../api/shapes';
import { asFile, asked, linesOf, askedOfAll, conditionsOf, sortedBy, withCondition, withOwnColumns, withoutCondition } from './asked';

const kind: Kind = {
  name: 'order',
  label: 'Order',
  plural: 'Orders',
  context: 'orders',
  address: '/orders',
  fields: [
    { name: 'id', label: 'Id', type: 'text', filtered: true },
    {
      name: 'status',
      label: 'Status',
      type: 'text',
      filtered: true,
      choices: [
        { value: 'draft', label: 'Draft' },
        { value: 'shipped', label: 'Shipped' },
      ],
    },
    { name: 'amount', label: 'Amount', type: 'integer', unit: 'minor', currency: 'currency', adds_up: true },
    { name: 'currency', label: 'Currency', type: 'currency' },
    { name: 'lines', label: 'Lines', type: 'object', many: true },
    { name: 'version', label: 'Version', type: 'integer' },
  ],
};

describe('what a list asks for', () => {
  test('is its columns, the currency that an amount is read by, and the version that was seen', () => {
    const query = asked(kind, new URLSearchParams('status=draft'));
    expect(query.get('fields')).toBe('id,status,amount,currency,version');
    expect(query.get('status')).toBe('draft');
    expect(query.has('count')).toBe(false);
  });

  test('of all its rows comes apart, whichever page of them is shown, in no order', () => {
    const query = askedOfAll(kind, new URLSearchParams('status=draft&sort=-amount&cursor=abc'));
    expect(query.toString()).toBe('status=draft&fields=id&limit=1&count=capped&facets=status&totals=amount');
  });

  test('as a file has no page', () => {
    const address = asFile(kind, new URLSearchParams('cursor=abc&limit=25&status=draft'), 'csv');
    expect(address).toContain('format=csv');
    expect(address).toContain('status=draft');
    expect(address).not.toContain('cursor');
    expect(address).not.toContain('limit');
    expect(address).not.toContain('each');
  });

  test('as a file may have a row for each line of a thing', () => {
    const lines = { name: 'lines', label: 'Lines', type: 'object', many: true, fields: [{ name: 'item', label: 'Item', type: 'text' }] };
    const whole: Kind = { ...kind, fields: [...(kind.fields ?? []), lines] as Kind['fields'] };
    expect(linesOf(whole).map((one) => one.name)).toEqual(['lines']);
    expect(asFile(whole, new URLSearchParams(), 'xlsx', 'lines')).toContain('each=lines');
  });
});

describe('conditions', () => {
  test('are all parameters that are nothing else', () => {
    expect(conditionsOf(new URLSearchParams('q=tea&amount.gte=100&status=draft'))).toEqual([
      { field: 'amount', operator: 'gte', value: '100' },
      { field: 'status', operator: '', value: 'draft' },
    ]);
  });

  test('come and go one by one, and begin on the first page', () => {
    const draft = { field: 'status', operator: '', value: 'draft' };
    const both = withCondition(new URLSearchParams('status=shipped&cursor=abc'), draft);
    expect(both.toString()).toBe('status=shipped&status=draft');
    expect(withCondition(both, draft).toString()).toBe(both.toString());
    expect(withoutCondition(both, draft).toString()).toBe('status=shipped');
  });
});

test('a hyphen sorts from the top down', () => {
  expect(sortedBy(new URLSearchParams('sort=-amount,id'))).toEqual({ field: 'amount', down: true });
  expect(sortedBy(new URLSearchParams())).toBeNull();
});

test('the columns that the reader keeps are shown, unless the address names others', () => {
  const own = ['id', 'amount'];
  expect(withOwnColumns(new URLSearchParams('status=draft'), own).get('fields')).toBe('id,amount');
  expect(withOwnColumns(new URLSearchParams('fields=status'), own).get('fields')).toBe('status');
  expect(withOwnColumns(new URLSearchParams(), undefined).has('fields')).toBe(false);
});
