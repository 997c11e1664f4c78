/** What comes in pages that are shown one below the other. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { request } from '../api/client';
import type { Page } from '../api/shapes';
import { usePreferences } from '../app/preferences';

export function usePages<T>(address: string, again?: (rows: T[]) => number | false) {
  const { language } = usePreferences();
  const found = useInfiniteQuery({
    queryKey: ['pages', address, language],
    queryFn: ({ pageParam, signal }) => request<Page<T>>(pageParam, { signal }),
    initialPageParam: address,
    getNextPageParam: (last) => last.next ?? undefined,
    refetchInterval: ({ state }) => again?.(rowsOf(state.data?.pages)) ?? false,
  });
  return { ...found, rows: rowsOf(found.data?.pages) };
}

function rowsOf<T>(pages: Page<T>[] = []): T[] {
  return pages.flatMap((page) => page.data);
}
