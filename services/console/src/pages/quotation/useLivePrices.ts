/** Of each line what it would cost now, what is in stock, and what the customer owes. */
import { useQueries, useQuery } from '@tanstack/react-query';
import { useKnown } from '../../api/catalogue';
import { request } from '../../api/client';
import type { ListPage, Row } from '../../api/shapes';
import { usePreferences } from '../../app/preferences';
import type { LivePrice, QuotedLine } from './lines';

/** While somebody negotiates, others sell. */
const AGAIN = 20_000;

export function useLivePrices(quotation: Row, lines: QuotedLine[], asked: boolean) {
  const { language } = usePreferences();
  return useQueries({
    queries: lines.map((line) => {
      const query = new URLSearchParams({
        customer: String(quotation.customer),
        product: line.item,
        quantity: String(line.quantity),
        currency: String(quotation.currency),
        warehouse: String(quotation.warehouse),
      });
      return {
        queryKey: ['live-price', query.toString(), language],
        queryFn: async () => (await request<{ data: LivePrice }>(`/prices?${query.toString()}`)).data,
        enabled: asked,
        refetchInterval: AGAIN,
        retry: false,
      };
    }),
  });
}

/** What the products are called, as far as the reader may see them. */
export function useProductNames(ids: string[]): Record<string, string> {
  const address = useKnown().kind('product')?.address;
  const query = new URLSearchParams([...ids.map((id) => ['id', id]), ['fields', 'id,name']]);
  const found = useQuery({
    queryKey: ['product-names', query.toString()],
    queryFn: () => request<ListPage>(`${address ?? ''}?${query.toString()}`),
    enabled: typeof address === 'string' && ids.length > 0,
  });
  return Object.fromEntries((found.data?.data ?? []).map((row) => [String(row.id), String(row.name)]));
}
