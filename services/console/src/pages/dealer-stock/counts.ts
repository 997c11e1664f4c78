/** What was counted beside what the book said: of each place and item the latest count. */
import type { LoggedEvent } from '../../api/shapes';

export interface Count {
  location: string;
  item: string;
  lot: string | null;
  counted: number;
  book: number;
  variance: number;
  countedAt: string;
  reference: string;
  position: number;
}

const STREAM = 'stock-';
/** Between the place and the item in the name of a stock. */
const BETWEEN = ':';

interface Told {
  holder: string;
  counted: number;
  difference: number;
  counted_at: string;
  reference: string;
  lot: string | null;
  count: string;
  quantity: number;
}

/** In the order of the log; what was told late moves the book of a count that was before. */
export function latestCounts(events: LoggedEvent[], holder: string, moment: string | null): Count[] {
  const found = new Map<string, Count>();
  const until = moment === null ? Infinity : Date.parse(moment);
  for (const event of events) {
    const told = event.data as unknown as Told;
    if (told.holder !== holder || Date.parse(event.occurred_at) > until) continue;
    const name = event.stream.slice(STREAM.length);
    const at = name.indexOf(BETWEEN);
    if (event.type === 'StockRecounted') {
      const before = [...found.values()].find(
        (one) => one.reference === told.count && `${one.location}${BETWEEN}${one.item}` === name,
      );
      if (before !== undefined) before.variance += told.quantity;
      continue;
    }
    const [location, item] = [name.slice(0, at), name.slice(at + 1)];
    found.set(`${name} ${told.lot ?? ''}`, {
      location,
      item,
      lot: told.lot,
      counted: told.counted,
      book: told.counted - told.difference,
      variance: told.difference,
      countedAt: told.counted_at,
      reference: told.reference,
      position: event.position,
    });
  }
  const counts = [...found.values()].map((one) => ({ ...one, book: one.counted - one.variance }));
  return counts.sort((one, other) => Math.abs(other.variance) - Math.abs(one.variance));
}

const WHOLE = 10_000;

/** In basis points of what the book said; unknown where it said nothing. */
export function shareOf({ book, variance }: Count): number | null {
  return book === 0 ? null : Math.round((variance / book) * WHOLE);
}
