import { expect, test } from 'vitest';
import { heatOf, runningOut } from './heat';

const rows = [
  { location: 'd-02', item: 'P2', on_hand: 5, days_of_cover: 3 },
  { location: 'd-01', item: 'P1', on_hand: 0, days_of_cover: null },
  { location: 'd-01', item: 'P2', on_hand: 9, days_of_cover: 0 },
  { location: 'd-01', item: 'P3', on_hand: 9, days_of_cover: 40 },
];

test('a heat map has a row for each dealer, a column for each item, and no value that is unknown', () => {
  const heat = heatOf(rows, 'days_of_cover');
  expect([heat.places, heat.items]).toEqual([['d-02', 'd-01'], ['P1', 'P2', 'P3']]);
  expect(heat.cells.map((one) => one.at)).toEqual([[1, 0, 3], [1, 1, 0], [2, 1, 40]]);
});

test('what runs out first comes first', () => {
  expect(runningOut(rows, 9).map((row) => row.days_of_cover)).toEqual([0, 3]);
});
