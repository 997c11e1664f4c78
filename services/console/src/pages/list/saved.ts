/** Lists that the reader keeps under a name. */
import type { SavedView } from '../../app/own';

/** Where on the list the reader is, and at what moment, is no part of a view. */
const PASSING = ['cursor', 'as_of'];

/** One name is one view: kept again, it is what it is now. */
export function withView(views: SavedView[], name: string, search: URLSearchParams): SavedView[] {
  const query = new URLSearchParams(search);
  for (const one of PASSING) query.delete(one);
  return [...views.filter((one) => one.name !== name), { name, query: query.toString() }];
}
