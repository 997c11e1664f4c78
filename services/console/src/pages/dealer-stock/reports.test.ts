import { expect, test } from 'vitest';
import { latestReports } from './reports';

function report(id: string, status: string, lines: [string, number, number | null][]) {
  const told = lines.map(([item, reported, book]) => ({
    item,
    reported,
    book,
    variance: book === null ? null : reported - book,
    variance_reason: null,
  }));
  return { id: `d-01:${id}`, dealer: 'd-01', status, reported_at: '2026-11-01T00:00:00Z', lines: told };
}

test('of each item the latest report stands, those that wait first, the largest variance on top', () => {
  const found = latestReports([
    report('march', 'reported', [['P1', 24, 36], ['P2', 40, 40]]),
    report('february', 'accepted', [['P1', 50, 50], ['P3', 10, 90]]),
  ]);
  expect(found.map((one) => [one.item, one.reported, one.book, one.variance, one.status])).toEqual([
    ['P1', 24, 36, -12, 'reported'],
    ['P2', 40, 40, 0, 'reported'],
    ['P3', 10, 90, -80, 'accepted'],
  ]);
});
