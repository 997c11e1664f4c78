/** What the palette finds by itself: pages, lists, figures and commands, by any part of their names. */
export interface Found {
  key: string;
  to: string;
  label: string;
  /** What it is: a page, a list, a command, a thing. */
  group: string;
}

function folded(words: string): string {
  return words.toLowerCase().replace(/[\s_-]/g, '');
}

/** Those that begin so come before those that hold it somewhere. */
export function matching(every: Found[], words: string, most: number): Found[] {
  const wanted = folded(words);
  if (wanted === '') return every.slice(0, most);
  const at = (one: Found) => {
    const places = [one.label, one.key].map((name) => folded(name).indexOf(wanted));
    const held = places.filter((place) => place >= 0);
    return held.length === 0 ? -1 : Math.min(...held);
  };
  return every
    .map((one) => ({ one, place: at(one) }))
    .filter(({ place }) => place >= 0)
    .sort((a, b) => a.place - b.place || a.one.label.length - b.one.label.length)
    .slice(0, most)
    .map(({ one }) => one);
}
