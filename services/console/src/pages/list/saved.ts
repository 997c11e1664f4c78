/** Lists that the reader keeps under a name, in the browser; what is kept is an address. */
import { keepAs, kept } from '../../app/kept';

export interface SavedView {
  name: string;
  query: string;
}

const STORED = 'distributary.views';
type Stored = Partial<Record<string, SavedView[]>>;

/** Where on the list the reader is, and at what moment, is no part of a view. */
const PASSING = ['cursor', 'as_of'];

function all(): Stored {
  return kept<Stored>(STORED, {});
}

export function viewsOf(kind: string): SavedView[] {
  return all()[kind] ?? [];
}

/** One name is one view: kept again, it is what it is now. */
export function withView(views: SavedView[], name: string, search: URLSearchParams): SavedView[] {
  const query = new URLSearchParams(search);
  for (const one of PASSING) query.delete(one);
  return [...views.filter((one) => one.name !== name), { name, query: query.toString() }];
}

export function keep(kind: string, views: SavedView[]): void {
  keepAs(STORED, { ...all(), [kind]: views });
}
