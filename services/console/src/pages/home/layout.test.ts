import { expect, test } from 'vitest';
import { arranged, movedUp, switched, USUAL } from './layout';

const cards = ['tasks', 'today', 'month'].map((name) => ({ name }));
const names = (order: string[]) => arranged(cards, { order, hidden: [] }).map((one) => one.name);

test('cards stand as the reader arranged them, and new ones where they usually do', () => {
  expect(names([])).toEqual(['tasks', 'today', 'month']);
  expect(names(['month', 'tasks'])).toEqual(['month', 'tasks', 'today']);
  expect(names(['gone', 'month', 'today'])).toEqual(['tasks', 'month', 'today']);
});

test('a card moves up by one, and is put away and taken out again', () => {
  expect(movedUp(['a', 'b', 'c'], 'c')).toEqual(['a', 'c', 'b']);
  expect(movedUp(['a', 'b'], 'a')).toEqual(['a', 'b']);
  const away = switched(USUAL, 'a');
  expect(away.hidden).toEqual(['a']);
  expect(switched(away, 'a').hidden).toEqual([]);
});
