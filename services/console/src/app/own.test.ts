import { expect, test } from 'vitest';
import { merged } from './own';

test('a change names what it changes, takes away by null, and leaves all else', () => {
  const own = { display: { dark: true }, columns: { order: ['id'], member: ['name'] } };
  const changed = merged(own, { display: { compact: true }, columns: { order: null } });
  expect(changed).toEqual({
    display: { dark: true, compact: true },
    columns: { member: ['name'] },
  });
  expect(merged({}, { home: { order: ['tasks'], hidden: [] } }).home?.order).toEqual(['tasks']);
});
