import { describe, expect, test } from 'vitest';
import type { Field } from '../../api/shapes';
import { askedOf, decoded, fieldFor, headerOf } from './columns';

const fields: Field[] = [
  { name: 'list_price', label: '标价', type: 'integer' },
  { name: 'name', label: '名称', type: 'text' },
];

describe('the header of a file', () => {
  test('is its first line, with commas in quotation marks', () => {
    expect(headerOf('\ufeffid,"Name, short","a ""b"""\r\nP1,x,y')).toEqual(['id', 'Name, short', 'a "b"']);
    expect(headerOf('id,name')).toEqual(['id', 'name']);
  });

  test('may be written in the encoding of Chinese spreadsheets', () => {
    expect(decoded(new Uint8Array([0xc3, 0xfb, 0xb3, 0xc6]).buffer)).toBe('名称');
    expect(decoded(new TextEncoder().encode('名称').buffer as ArrayBuffer)).toBe('名称');
  });
});

test('a column finds its field by name or label', () => {
  expect(fieldFor('List price', fields)?.name).toBe('list_price');
  expect(fieldFor('名称', fields)?.name).toBe('name');
  expect(fieldFor('colour', fields)).toBeUndefined();
});

test('what is asked names the columns that were chosen by hand alone', () => {
  const query = askedOf({
    ...{ command: 'add-product', name: 'a.csv', dryRun: true, partial: false },
    mapping: { Preis: 'list_price', Farbe: '' },
  });
  expect(query.getAll('map')).toEqual(['Preis=list_price', 'Farbe=']);
  expect(query.get('dry_run')).toBe('true');
});
