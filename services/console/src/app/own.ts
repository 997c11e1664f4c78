/** What the reader keeps for himself, on the server: wherever he signs in, it is so. */
import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, useContext, useMemo } from 'react';
import { request } from '../api/client';
import type { Row } from '../api/shapes';
import type { Preferences } from './preferences';

/** A list under a name; what is kept is its question. */
export interface SavedView {
  name: string;
  query: string;
}

/** Which cards the first page has, and in which order. */
export interface Layout {
  order: string[];
  hidden: string[];
}

export interface Own {
  display?: Partial<Preferences>;
  home?: Layout;
  /** By kind. */
  views?: Partial<Record<string, SavedView[]>>;
  columns?: Partial<Record<string, string[] | null>>;
}

const ADDRESS = '/preferences';

/** Beside what other programs of the reader keep there. */
interface Document {
  console?: Own;
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As the server merges it: what is named changes, and null removes. */
export function merged(own: Own, change: Own): Own {
  const into = (kept: unknown, next: unknown): unknown => {
    if (!isRow(next)) return next;
    const before = isRow(kept) ? kept : {};
    const stays = Object.entries(before).filter(([name]) => !(name in next));
    const changed = Object.entries(next).filter(([, value]) => value !== null);
    return Object.fromEntries([
      ...stays,
      ...changed.map(([name, value]) => [name, into(before[name], value)]),
    ]);
  };
  return into(own, change) as Own;
}

interface Kept {
  own: Own;
  change: (change: Own) => void;
}

export const OwnContext = createContext<Kept | null>(null);

export function useOwn(): Kept {
  const kept = useContext(OwnContext);
  if (kept === null) throw new Error('There is nothing of the reader around this component.');
  return kept;
}

async function send(queries: QueryClient, key: string[], change: Own, failed: () => void) {
  await queries.cancelQueries({ queryKey: key });
  queries.setQueryData<Own>(key, (before) => merged(before ?? {}, change));
  try {
    await request(ADDRESS, { method: 'PATCH', body: { console: change } });
  } catch {
    failed();
    await queries.invalidateQueries({ queryKey: key });
  }
}

/** What the console is like where the server does not say what is kept. */
const NOTHING: Own = {};

/** Undefined until it has come. What is changed shows at once; `failed` where it could not be kept. */
export function useKeptOwn(account: string, failed: () => void): Kept | undefined {
  const queries = useQueryClient();
  const { data, isError } = useQuery({
    queryKey: ['own', account],
    queryFn: async () => (await request<Document>(ADDRESS)).console ?? {},
    staleTime: Infinity,
  });
  const own = data ?? (isError ? NOTHING : undefined);
  return useMemo(
    () => own && { own, change: (change) => void send(queries, ['own', account], change, failed) },
    [own, queries, account, failed],
  );
}
