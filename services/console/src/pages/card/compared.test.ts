import { expect, test } from 'vitest';
import { addressAt, momentsOf, steppedTo } from './compared';

test('all that changed is shown unless the address says otherwise', () => {
  expect(momentsOf(new URLSearchParams(), 4)).toEqual({ from: '1', to: '4' });
  expect(momentsOf(new URLSearchParams('from=3'), 4)).toEqual({ from: '3', to: '4' });
  expect(steppedTo(3)).toEqual({ from: '2', to: '3' });
  expect(steppedTo(1)).toEqual({ from: '1', to: '1' });
});

test('a version is read as it was, and a moment by the clock', () => {
  expect(addressAt('/orders/SO-1', '2')).toBe('/orders/SO-1/at/2?expand=names');
  expect(addressAt('/orders/SO-1', '2026-11-01T08:00:00Z')).toBe(
    '/orders/SO-1?expand=names&as_of=2026-11-01T08%3A00%3A00Z',
  );
});
