import { expect, test } from 'vitest';
import { isEmpty } from './groups';

test('nothing is empty that says something', () => {
  expect([null, undefined, '', []].every(isEmpty)).toBe(true);
  expect([0, false, '0', ['x'], {}].some(isEmpty)).toBe(false);
});
