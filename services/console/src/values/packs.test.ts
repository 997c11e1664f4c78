import { expect, test } from 'vitest';
import { inPacks, isPacked } from './packs';

test('packs are told with what they come to', () => {
  expect(inPacks({ unit: 'case', quantity: 3, factor: 24 }, String)).toBe('3 case (72)');
});

test('an object is packs where it says of what, how many and how large', () => {
  expect(isPacked({ unit: 'case', quantity: 3, factor: 24 })).toBe(true);
  expect(isPacked({ unit: 'case' })).toBe(false);
  expect(isPacked(null)).toBe(false);
});
