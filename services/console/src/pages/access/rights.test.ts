import { expect, test } from 'vitest';
import { Known } from '../../api/catalogue';
import type { Catalogue } from '../../api/shapes';
import { areasOf, partsOf, rightOf, type Grant } from './rights';

const known = new Known({
  contexts: [{ name: 'orders', label: 'Orders', about: '' }, { name: 'stock', label: 'Stock', about: '' }],
  kinds: [{ name: 'order', plural: 'Orders', address: '/orders', context: 'orders' }],
  commands: [{ name: 'draft-order', label: 'Draft order' }],
  figures: [],
  events: [],
  currencies: [],
} as unknown as Catalogue);
const grant = (action: string, role: string): Grant => ({ action, role, scope: 'all', confirmed_by: null });
const grants = [
  grant('command:orders/draft-order', 'clerk'),
  grant('command:orders/draft-order', 'manager'),
  grant('read:orders/orders', 'clerk'),
  grant('operate:metrics', 'manager'),
];

test('rights are told by area, each with the roles that grant it', () => {
  const areas = areasOf(grants, known);
  expect(areas.map((one) => one.label)).toEqual(['Orders']);
  expect(areas[0]?.commands[0]).toMatchObject({ label: 'Draft order', roles: ['clerk', 'manager'] });
  expect(areas[0]?.reads[0]?.label).toBe('Orders');
});

test('what nobody grants is no right', () => {
  expect(rightOf('command:orders/submit-order', grants, known)).toBeUndefined();
  expect(partsOf('operate:metrics')).toEqual({ verb: 'operate', area: '', name: 'metrics' });
});
