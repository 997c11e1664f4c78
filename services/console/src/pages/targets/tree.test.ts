import { describe, expect, test } from 'vitest';
import { mostParts, nameOf, paceOf, periodsOf, treeOf } from './tree';

const year = { target: 'T', period: '2026', first: '2026-01-01', level: 'company', part_of: null };
const quarter = { target: 'T.Q4', period: '2026-Q4', first: '2026-10-01', level: 'company', part_of: 'T' };
const earlier = { ...quarter, target: 'T.Q3', period: '2026-Q3', first: '2026-07-01' };
const east = { ...quarter, target: 'T.Q4.east', level: 'department', department: 'sales-east', part_of: 'T.Q4', rate_bp: 8_000 };
const south = { ...east, target: 'T.Q4.south', department: 'sales-south', rate_bp: 9_000 };

describe('the tree of targets', () => {
  test('has periods in order, and parts from the best to the worst', () => {
    const [top] = treeOf([east, quarter, south, year, earlier]);
    expect(top?.target).toBe('T');
    expect(top?.children?.map((one) => one.target)).toEqual(['T.Q3', 'T.Q4']);
    expect(top?.children?.[1]?.children?.map((one) => one.target)).toEqual(['T.Q4.south', 'T.Q4.east']);
  });

  test('begins with what the reader may see', () => {
    expect(treeOf([east, south]).map((one) => one.target)).toEqual(['T.Q4.south', 'T.Q4.east']);
  });

  test('calls a part by what tells it from its whole', () => {
    const names = { department: { 'sales-east': '华东销售部' } };
    expect(nameOf(year, undefined, names, 'Company')).toBe('Company');
    expect(nameOf(quarter, year, names, 'Company')).toBe('2026-Q4');
    expect(nameOf(east, quarter, names, 'Company')).toBe('华东销售部');
  });

  test('opens at the period of the day', () => {
    const next = { ...year, target: 'U', period: '2027', first: '2027-01-01' };
    const found = periodsOf(treeOf([year, next]), '2026-11-30');
    expect(found).toEqual({ periods: ['2027', '2026'], current: '2026' });
  });
});

test('of two ways to break down the one with the most parts is drawn', () => {
  const rep = { ...east, level: 'rep', rep: 'r-chen' };
  const parts = treeOf([east, { ...rep, target: 'a' }, { ...rep, target: 'b' }]);
  expect(mostParts(parts).map((one) => one.target)).toEqual(['a', 'b']);
});

test('pace is against what is planned for the days that have passed', () => {
  expect(paceOf({ pace_bp: 8_000 })).toBe('targets.behind');
  expect(paceOf({ pace_bp: 10_000 })).toBe('targets.onPace');
  expect(paceOf({ pace_bp: 12_000 })).toBe('targets.ahead');
  expect(paceOf({ pace_bp: null })).toBe('targets.notBegun');
});
