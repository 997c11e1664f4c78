import { expect, test } from 'vitest';
import { withView } from './saved';

test('a view is the question, without the page and the moment, and one for each name', () => {
  const first = withView([], 'Mine', new URLSearchParams('rep=me&cursor=abc&as_of=2026-11-01'));
  expect(first).toEqual([{ name: 'Mine', query: 'rep=me' }]);
  const again = withView(first, 'Mine', new URLSearchParams('rep=me&status=draft'));
  expect(again).toEqual([{ name: 'Mine', query: 'rep=me&status=draft' }]);
});
