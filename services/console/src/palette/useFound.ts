/** Pages and commands at once, things as soon as the server has found them. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useKnown, type Known } from '../api/catalogue';
import { request } from '../api/client';
import type { Kind, ListPage } from '../api/shapes';
import { OWN_PAGES } from '../app/ownPages';
import { usePreferences, useText } from '../app/preferences';
import { titleOf } from '../values/summary';
import { usePaused } from '../values/usePaused';
import { matching, type Found } from './matches';

/** Kinds of things that people look for by name or number. */
const LOOKED_FOR = ['customer', 'order', 'opportunity', 'product', 'invoice', 'quotation', 'member'];
const [MOST, OF_A_KIND, SHORTEST] = [9, 3, 2];

async function things(kinds: Kind[], words: string): Promise<Found[]> {
  const query = new URLSearchParams({ q: words, limit: String(OF_A_KIND) });
  const each = await Promise.all(
    kinds.map(async (kind) => {
      const page = await request<ListPage>(`${kind.address ?? ''}?${query.toString()}`);
      return page.data.map((row) => {
        const [id, title] = [String(row.id), titleOf(row)];
        return {
          key: id,
          to: `${kind.address ?? ''}/${encodeURIComponent(id)}`,
          label: title === id ? id : `${title} · ${id}`,
          group: kind.label,
        };
      });
    }),
  );
  return each.flat();
}

function lookedFor(known: Known): Kind[] {
  return LOOKED_FOR.map((name) => known.kind(name))
    .filter((one) => one !== undefined)
    .filter((one) => typeof one.address === 'string')
    .filter((one) => (one.fields ?? []).some((field) => field.searched === true));
}

export function useFound(words: string): Found[] {
  const text = useText();
  const known = useKnown();
  const { language } = usePreferences();
  const every = useMemo<Found[]>(() => {
    const page = (key: string, to: string, label: string) => ({ key, to, label, group: text('palette.page') });
    return [
      page('home', '/', text('app.home')),
      ...OWN_PAGES.filter((one) => one.fits(known)).map((one) => page(one.path, one.path, text(one.title))),
      ...known.all.kinds
        .filter((one) => typeof one.address === 'string')
        .map((one) => page(one.name, one.address ?? '/', one.plural)),
      ...known.all.figures.map((one) => page(one.name, `/figures/${one.name}`, one.label)),
      ...known.all.commands.map((one) => ({
        key: one.name,
        to: `/commands/${one.name}`,
        label: one.label,
        group: text('event.command'),
      })),
    ];
  }, [known, text]);
  const paused = usePaused(words.trim());
  const found = useQuery({
    queryKey: ['palette', paused, language],
    queryFn: () => things(lookedFor(known), paused),
    enabled: paused.length >= SHORTEST,
  });
  const own = matching(every, words, MOST);
  return [...(paused === words.trim() ? (found.data ?? []) : []), ...own];
}
