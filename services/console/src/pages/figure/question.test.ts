import { expect, test } from 'vitest';
import type { Figure } from '../../api/shapes';
import { columnsOf, explanationOf } from './question';

const amount = { name: 'amount', label: 'Amount', type: 'integer', explained: true } as const;
const rate = { name: 'rate_bp', label: 'Rate', type: 'integer' } as const;
const figure: Figure = {
  name: 'funnel',
  label: 'Funnel',
  about: '',
  context: 'opportunities',
  address: '/funnel',
  why: '/funnel/why',
  view: 'funnel',
  dimensions: [{ name: 'stage', label: 'Stage', type: 'text' }],
  measures: [amount, rate],
  filters: [{ name: 'rep', label: 'Representative', type: 'text' }],
  parameters: [],
};
const row = { stage: 'won', rep: 'r-1', amount: 5, rate_bp: null };

test('a number is explained by the events of its row, under the filters of the page', () => {
  const search = new URLSearchParams('by=rep&region=east&as_of=2026-01-01&measure=rate_bp');
  expect(explanationOf(figure, amount, row, search)).toBe(
    '/figures/funnel/why?region=east&as_of=2026-01-01&stage=won&rep=r-1&measure=amount',
  );
});

test('a rate is the sum of no events', () => {
  expect(explanationOf(figure, rate, row, new URLSearchParams())).toBeUndefined();
});

test('columns are labelled, whatever the rows are grouped by', () => {
  expect(columnsOf(figure, [row]).map((one) => one.label)).toEqual([
    'Stage',
    'Representative',
    'Amount',
    'Rate',
  ]);
});
