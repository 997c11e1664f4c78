/** What a line of a quotation was offered at, beside what it costs and what there is of it now. */
import type { components } from '../../api/schema';
import type { Row } from '../../api/shapes';

export type LivePrice = components['schemas']['LivePrice'];

export interface QuotedLine extends Row {
  line: number;
  item: string;
  quantity: number;
  amount: number;
  unit_price: number;
  /** For those alone who may see costs. */
  cost?: number;
  pricing: Row | null;
}

export type Stand = 'same' | 'dearer' | 'cheaper' | 'unknown';

/** What it would cost now, beside what was offered. */
export function standOf(line: QuotedLine, now: LivePrice | undefined): Stand {
  if (now === undefined) return 'unknown';
  if (now.amount === line.amount) return 'same';
  return now.amount > line.amount ? 'dearer' : 'cheaper';
}

/** In basis points of the amount. */
export function marginOf({ amount, cost }: { amount: number; cost?: number }): number | undefined {
  return cost === undefined || amount === 0 ? undefined : Math.round(((amount - cost) * 10_000) / amount);
}

export function isShort(line: QuotedLine, now: LivePrice | undefined): boolean {
  const available = now?.stock?.available;
  return typeof available === 'number' && available < line.quantity;
}
