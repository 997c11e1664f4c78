/** Which cards the reader has on the first page, and in which order. */
import type { Layout } from '../../app/own';

/** As the cards come, until the reader arranges them. */
export const USUAL: Layout = { order: [], hidden: [] };

interface Named {
  name: string;
}

/** In the reader's order; a card that it does not know stands where it usually does, after the one before it. */
export function arranged<T extends Named>(cards: T[], { order }: Layout): T[] {
  const found = order.flatMap((name) => cards.filter((one) => one.name === name));
  cards.forEach((card, index) => {
    if (order.includes(card.name)) return;
    const before = cards[index - 1];
    found.splice(before === undefined ? 0 : found.indexOf(before) + 1, 0, card);
  });
  return found;
}

export function movedUp(names: string[], name: string): string[] {
  const at = names.indexOf(name);
  if (at < 1) return names;
  const moved = [...names];
  moved.splice(at - 1, 2, name, names[at - 1] ?? '');
  return moved;
}

export function switched({ order, hidden }: Layout, name: string): Layout {
  const others = hidden.filter((one) => one !== name);
  return { order, hidden: others.length < hidden.length ? others : [...hidden, name] };
}
