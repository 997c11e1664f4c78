/** What things are called whose ids come without names; ids stand for those that are not found. */
import { useQuery } from '@tanstack/react-query';
import { useKnown } from '../../api/catalogue';
import { request } from '../../api/client';
import type { ListPage } from '../../api/shapes';
import { titleOf } from '../../values/summary';

/** So many fit into an address. */
const MOST = 200;

export function useNames(kind: string, ids: string[]): Record<string, string> {
  const address = useKnown().kind(kind)?.address;
  const asked = [...new Set(ids)].sort().slice(0, MOST);
  const query = new URLSearchParams(asked.map((id) => ['id', id]));
  query.set('limit', String(MOST));
  const found = useQuery({
    queryKey: ['names', kind, query.toString()],
    queryFn: () => request<ListPage>(`${address ?? ''}?${query.toString()}`),
    enabled: address != null && asked.length > 0,
  });
  return Object.fromEntries((found.data?.data ?? []).map((row) => [String(row.id), titleOf(row)]));
}
