import { expect, test } from 'vitest';
import { csvOf } from './csv';

test('what was grouped is a number again, and what a spreadsheet would work out is a text', () => {
  const rows = [['Item', 'Amount'], ['Tea, "green"', '-1,234.50'], ['=1+1', '12 days']];
  expect(csvOf(rows)).toBe('\uFEFFItem,Amount\r\n"Tea, ""green""",-1234.50\r\n\'=1+1,12 days\r\n');
});
