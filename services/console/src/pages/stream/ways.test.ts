import { expect, test } from 'vitest';
import { curl, kcat, python } from './ways';

const all = { kinds: [], types: [], actor: undefined };
const some = { kinds: ['order', 'stock'], types: ['OrderDrafted'], actor: 'li' };

test('what was asked on the page is asked by curl and Python as well', () => {
  const asked = 'http://here/events/stream?kind=order&kind=stock&type=OrderDrafted&actor=li';
  expect(curl(some, 'http://here')).toContain(`"${asked}"`);
  expect(python(some, 'http://here')).toContain(`"${asked}"`);
  expect(curl(all, 'http://here')).toMatch(/"http:\/\/here\/events\/stream"$/);
});

test('Kafka is read by topic, and the rest is picked out', () => {
  expect(kcat(all, ['order', 'rep'])).toMatch(/distributary\.order distributary\.rep$/);
  expect(kcat(some, [])).toContain('distributary.order distributary.stock | jq -c');
  expect(kcat(some, [])).toContain('(.type == "OrderDrafted") and .actor == "li"');
});
