import { expect, test } from 'vitest';
import { firstToRunOut } from './cover';

test('what runs out first stands first, and what nobody takes stands last', () => {
  const rows = [
    { item: 'idle', days_of_cover: null },
    { item: 'long', days_of_cover: 60 },
    { item: 'gone', days_of_cover: 0 },
    { item: 'new', days_of_cover: null },
  ];
  expect(firstToRunOut(rows).map((row) => row.item)).toEqual(['gone', 'long', 'idle', 'new']);
});
