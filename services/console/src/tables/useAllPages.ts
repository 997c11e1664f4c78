/** All rows of a read that comes in pages, with what its ids are called; so many pages at most. */
import { useQuery } from '@tanstack/react-query';
import { request, withOwnWrites } from '../api/client';
import type { Freshness, Names, Page } from '../api/shapes';
import { usePreferences } from '../app/preferences';

const MOST_PAGES = 20;

interface Answer<T> extends Page<T> {
  names?: Names;
  freshness?: Freshness;
}

export function useAllPages<T>(address: string) {
  const { language } = usePreferences();
  return useQuery({
    queryKey: ['all', address, language],
    queryFn: async ({ signal }) => {
      const found = { rows: [] as T[], names: {} as Names, freshness: undefined as Freshness | undefined };
      let next: string | null = withOwnWrites(address);
      for (let page = 0; next !== null && page < MOST_PAGES; page += 1) {
        const answer: Answer<T> = await request(next, { signal });
        found.rows.push(...answer.data);
        found.freshness ??= answer.freshness;
        for (const [field, names] of Object.entries(answer.names ?? {})) {
          found.names[field] = { ...found.names[field], ...names };
        }
        next = answer.next;
      }
      return found;
    },
  });
}
