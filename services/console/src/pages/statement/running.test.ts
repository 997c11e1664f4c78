import { expect, test } from 'vitest';
import { commandFor, documentOf, running, stateOf } from './running';

test('lines lead from the opening to what is owed after each', () => {
  const lines = running(1_000, [{ amount: 500 }, { amount: 0 }, { amount: -1_200 }]);
  expect(lines.map((one) => one.balance)).toEqual([1_500, 1_500, 300]);
});

test('a line is disputed until something came of it', () => {
  expect(stateOf({ disputed: null, outcome: null })).toBe('agreed');
  expect(stateOf({ disputed: 'nine boxes came', outcome: null })).toBe('disputed');
  expect(stateOf({ disputed: 'nine boxes came', outcome: 'credited' })).toBe('settled');
});

test('a line is disputed while its statement is with the dealer, and then settled', () => {
  const [agreed, disputed] = [{ disputed: null }, { disputed: 'nine boxes came' }];
  expect(commandFor('sent', agreed)).toBe('dispute-statement-line');
  expect(commandFor('disputed', disputed)).toBe('settle-statement-line');
  expect(commandFor('open', agreed)).toBeNull();
  expect(commandFor('confirmed', agreed)).toBeNull();
});

test('the document of a line is a stream of the log', () => {
  expect(documentOf({ line: 'order-SO-1:4' })).toBe('order-SO-1');
});
