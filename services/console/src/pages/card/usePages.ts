/** What comes in pages that are shown one below the other. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { request } from '../../api/client';
import type { Page } from '../../api/shapes';
import { usePreferences } from '../../app/preferences';

export function usePages<T>(address: string) {
  const { language } = usePreferences();
  const found = useInfiniteQuery({
    queryKey: ['pages', address, language],
    queryFn: ({ pageParam, signal }) => request<Page<T>>(pageParam, { signal }),
    initialPageParam: address,
    getNextPageParam: (last) => last.next ?? undefined,
  });
  return { ...found, rows: found.data?.pages.flatMap((page) => page.data) ?? [] };
}
