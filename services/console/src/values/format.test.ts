import { describe, expect, test } from 'vitest';
import type { Field } from '../api/shapes';
import { translator } from '../app/preferences';
import { currencyOf, duration, format, money, short, shortMoney, type Manner } from './format';

const digits: Record<string, number> = { CNY: 2, JPY: 0 };
const english: Manner = {
  language: 'en',
  zone: 'Asia/Shanghai',
  digitsOf: (currency) => digits[currency ?? ''] ?? 2,
  text: translator('en'),
};
const chinese: Manner = { ...english, language: 'zh-CN', text: translator('zh-CN') };

function field(parts: Partial<Field>): Field {
  return { name: 'f', label: 'F', type: 'integer', ...parts };
}

describe('money', () => {
  test('is told in major units of its currency', () => {
    expect(money(686970, 'CNY', english)).toBe('CN¥6,869.70');
    expect(money(686970, 'CNY', chinese)).toBe('¥6,869.70');
    expect(money(500, 'JPY', english)).toBe('¥500');
  });

  test('is in the currency of its line, else of the thing', () => {
    const amount = field({ unit: 'minor', currency: 'currency' });
    expect(currencyOf(amount, {}, { currency: 'CNY' })).toBe('CNY');
    expect(currencyOf(amount, { currency: 'USD' }, { currency: 'CNY' })).toBe('USD');
  });

  test('is a number where there is no currency', () => {
    const value = field({ unit: 'minor', currency: 'currency' });
    expect(format(1200, value, english, currencyOf(value, { currency: null }))).toBe('1,200');
  });
});

describe('where there is little room', () => {
  test('a large amount is told in the large units of the language', () => {
    expect(shortMoney(22_622_320, 'CNY', chinese)).toBe('¥22.62万');
    expect(shortMoney(12_345_678_900_00, 'CNY', chinese)).toBe('¥123.46亿');
    expect(shortMoney(22_622_320, 'CNY', english)).toBe('CN¥226.22K');
    expect(shortMoney(2_000_000, 'JPY', chinese)).toBe('JP¥200万');
  });

  test('a small one, a negative one and what is no money keep their sense', () => {
    expect(shortMoney(999_999, 'CNY', chinese)).toBe('¥9,999.99');
    expect(shortMoney(-5_000_000, 'CNY', chinese)).toBe('-¥5万');
    expect(short(1_234_567, field({}), chinese)).toBe('1,234,567');
  });
});

test('a duration has its two largest units', () => {
  expect(duration(455_238, english)).toBe('5 d 6 h');
  expect(duration(59, chinese)).toBe('59 秒');
  expect(duration(0, english)).toBe('0 s');
});

describe('a value', () => {
  test('of a choice is its label', () => {
    const status = field({ type: 'text', choices: [{ value: 'draft', label: 'Draft' }] });
    expect(format('draft', status, english)).toBe('Draft');
  });

  test('in basis points is a percentage', () => {
    expect(format(250, field({ unit: 'basis_points' }), english)).toBe('2.5 %');
  });

  test('that is missing is a dash, and nothing is still a number', () => {
    expect(format(null, field({}), english)).toBe('–');
    expect(format(0, field({}), english)).toBe('0');
  });

  test('of an instant is told in the zone of the company', () => {
    const at = format('2026-11-28T18:42:26.000000Z', field({ type: 'instant' }), chinese);
    expect(at).toContain('29');
    expect(at).toContain('02:42');
  });
});
