/** What the lines of a document come to while they are filled in: as the platform will price them. */
import type { Field, Row } from '../../api/shapes';
import type { LivePrice } from '../quotation/lines';

const WHOLE = 10_000;
const [ITEM, QUANTITY, UNIT, PRICE, DISCOUNT] = ['item', 'quantity', 'unit', 'unit_price', 'discount_bp'];

/** Lines of so many of an item, each at a price. */
export function isPriced(fields: Field[]): boolean {
  const names = new Set(fields.map((one) => one.name));
  return [ITEM, QUANTITY, PRICE].every((name) => names.has(name));
}

/** What is asked of a price: nothing, as long as the line does not say of what and how many. */
export function askedOf(line: Row | undefined): Record<string, string> | null {
  const [product, quantity, unit] = [line?.[ITEM], line?.[QUANTITY], line?.[UNIT]];
  if (typeof product !== 'string' || typeof quantity !== 'number' || quantity <= 0) return null;
  const asked = { product, quantity: String(quantity) };
  return typeof unit === 'string' && unit !== '' ? { ...asked, unit } : asked;
}

/** How many of the product's own unit one of those is that the line counts. */
export function factorOf(line: Row | undefined, live: LivePrice | undefined): number {
  const quantity = line?.[QUANTITY];
  return typeof quantity === 'number' && quantity > 0 && live !== undefined ? live.quantity / quantity : 1;
}

/** In minor units, rounded half up; `scale` is how many of them the price that was filled in has. */
export function amountOf(line: Row, live: LivePrice | undefined, scale: number): number | undefined {
  const [price, quantity, discount] = [line[PRICE], line[QUANTITY], line[DISCOUNT]];
  if (typeof quantity !== 'number') return undefined;
  const gross = typeof price === 'number' ? Math.round(price * scale) * quantity : live?.amount;
  if (gross === undefined) return undefined;
  const off = typeof discount === 'number' ? Math.round(discount * 100) : 0;
  return Math.floor((gross * (WHOLE - off) + WHOLE / 2) / WHOLE);
}

/** Of quantities and amounts, not of prices: these do not add up. */
export function addsUp(field: Field): boolean {
  return field.name === QUANTITY || (field.unit === 'minor' && field.name !== PRICE);
}

export function sumOf(rows: (Row | undefined)[], field: Field): number {
  const sum = rows.reduce<number>((all, row) => all + Number(row?.[field.name] ?? 0), 0);
  return Math.round(sum * WHOLE) / WHOLE;
}
