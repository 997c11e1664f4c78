import { expect, test } from 'vitest';
import { matching, type Found } from './matches';

const every: Found[] = [
  { key: 'change-order', to: '/a', label: '修改订单', group: 'command' },
  { key: 'draft-order', to: '/b', label: '起草订单', group: 'command' },
  { key: 'orders', to: '/c', label: '订单', group: 'list' },
  { key: 'units', to: '/d', label: '计量单位', group: 'list' },
];
const found = (words: string) => matching(every, words, 9).map((one) => one.key);

test('names are found by any part of them, in either language, those first that begin so', () => {
  expect(found('订单')).toEqual(['orders', 'change-order', 'draft-order']);
  expect(found('Draft Or')).toEqual(['draft-order']);
  expect(found('nothing such')).toEqual([]);
});

test('with nothing typed the first are offered', () => {
  expect(matching(every, '', 2)).toHaveLength(2);
});
