import { expect, test } from 'vitest';
import { piecesOf } from './words';

const marked = (before: string, after: string) =>
  piecesOf(before, after).map((side) =>
    side.map((one) => (one.stays ? one.words : `[${one.words}]`)).join(''),
  );

test('what stays is told apart from what came and what went, word by word', () => {
  expect(marked('Send on Monday morning', 'Send on Friday morning')).toEqual([
    'Send on [Monday] morning',
    'Send on [Friday] morning',
  ]);
  expect(marked('周一上午送货', '周五上午送货').map((side) => side.includes('上午送货'))).toEqual([true, true]);
  expect(marked('', 'new')).toEqual(['', '[new]']);
});

test('pieces are the whole of each text, in its order', () => {
  const [was, is] = piecesOf('a b c d', 'b x d a');
  expect(was.map((one) => one.words).join('')).toBe('a b c d');
  expect(is.map((one) => one.words).join('')).toBe('b x d a');
});
