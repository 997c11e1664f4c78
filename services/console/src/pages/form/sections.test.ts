import { expect, test } from 'vitest';
import type { Command, Field } from '../../api/shapes';
import { sectionsOf } from './sections';

const field = (name: string, more: Partial<Field> = {}): Field =>
  ({ name, label: name, type: 'text', ...more }) as Field;
const optional = { optional: true };

test('what is needed comes first, by what it means, and what few people need is folded', () => {
  const command = {
    kind: 'quotation',
    begins: true,
    fields: [
      field('id', { ...optional, names: ['quotation'] }),
      field('occurred_at', { ...optional, type: 'instant' }),
      field('note', optional),
      field('rep', { ...optional, names: ['rep'] }),
      field('customer', { names: ['customer'] }),
      field('lines', { type: 'object', many: true, fields: [field('item')] }),
      field('valid_until', { type: 'day' }),
      field('own_text_1', optional),
    ],
  } as unknown as Command;
  expect(sectionsOf(command).map((one) => [one.title, one.fields.map(({ name }) => name)])).toEqual([
    ['form.who', ['customer', 'rep']],
    ['form.lines', ['lines']],
    ['form.when', ['valid_until']],
    ['form.own', ['own_text_1']],
    ['form.notes', ['note']],
    ['form.more', ['id', 'occurred_at']],
  ]);
});
