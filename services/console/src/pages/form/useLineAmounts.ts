/** What each line would cost now, and what is there of it: asked as it is filled in. */
import { useQueries } from '@tanstack/react-query';
import { Form } from 'antd';
import { useKnown } from '../../api/catalogue';
import { request } from '../../api/client';
import type { Field, Row } from '../../api/shapes';
import { usePreferences } from '../../app/preferences';
import { usePaused } from '../../values/usePaused';
import type { LivePrice } from '../quotation/lines';
import type { OneFieldProps } from './fieldParts';
import { amountOf, askedOf, factorOf, isPriced } from './totals';
import type { FieldPath } from './values';

export interface LineAmounts {
  priced: boolean;
  rows: (Row | undefined)[];
  live: (LivePrice | undefined)[];
  currency: string | undefined;
  amounts: (number | undefined)[];
  placeholderOf: (field: Field, index: number) => string | undefined;
}

/** Beside what people fill in, none of it is waited for, and none of it is needed. */
function useLive(asked: (string | null)[]) {
  const { language } = usePreferences();
  return useQueries({
    queries: asked.map((query) => ({
      queryKey: ['live-price', query, language],
      queryFn: async () => (await request<{ data: LivePrice }>(`/prices?${query ?? ''}`)).data,
      enabled: query !== null,
      retry: false,
    })),
  });
}

function queryOf(line: Row | undefined, around: Row): string | null {
  const asked = askedOf(line);
  if (asked === null || typeof around.customer !== 'string') return null;
  const query = new URLSearchParams({ ...asked, customer: around.customer });
  for (const name of ['currency', 'warehouse']) {
    if (typeof around[name] === 'string') query.set(name, around[name]);
  }
  return query.toString();
}

export function useLineAmounts(
  field: Field,
  path: FieldPath,
  { record = {}, currency }: Pick<OneFieldProps, 'record' | 'currency'>,
): LineAmounts {
  const known = useKnown();
  const isOuter = path.length === 1;
  const priced = isOuter && isPriced(field.fields ?? []);
  const rows = (Form.useWatch(isOuter ? path : ['']) ?? []) as (Row | undefined)[];
  const [customer, warehouse] = [Form.useWatch('customer'), Form.useWatch('warehouse')] as unknown[];
  const around = {
    customer: customer ?? record.customer,
    warehouse: warehouse ?? record.warehouse,
    currency,
  };
  const queries = priced ? rows.map((row) => queryOf(row, around)) : [];
  const asked = JSON.parse(usePaused(JSON.stringify(queries))) as (string | null)[];
  const found = useLive(asked);
  // An answer counts for the line that it was asked for, and no longer.
  const live = rows.map((_, index) => (queries[index] === asked[index] ? found[index]?.data : undefined));
  const paid = currency ?? live.find((one) => one !== undefined)?.currency;
  const scale = 10 ** known.digitsOf(paid);
  return {
    priced,
    rows,
    live,
    currency: paid,
    amounts: rows.map((row, index) => amountOf(row ?? {}, live[index], scale)),
    placeholderOf: (one, index) => {
      const price = live[index]?.unit_price;
      if (one.name !== 'unit_price' || price === undefined) return undefined;
      const each = factorOf(rows[index], live[index]);
      return ((price * each) / scale).toFixed(known.digitsOf(paid));
    },
  };
}
