/** Where the reader is: the address says all of it, and the back button undoes each step. */
import { useSyncExternalStore, type MouseEvent, type ReactNode } from 'react';

export const BASE = '/console';
const MOVED = 'distributary:moved';

export interface Place {
  path: string;
  search: URLSearchParams;
}

function subscribe(moved: () => void): () => void {
  window.addEventListener('popstate', moved);
  window.addEventListener(MOVED, moved);
  return () => {
    window.removeEventListener('popstate', moved);
    window.removeEventListener(MOVED, moved);
  };
}

export function usePlace(): Place {
  const href = useSyncExternalStore(
    subscribe,
    () => window.location.pathname + window.location.search,
  );
  const at = href.indexOf('?');
  const path = at < 0 ? href : href.slice(0, at);
  return {
    path: path.startsWith(BASE) ? path.slice(BASE.length) || '/' : '/',
    search: new URLSearchParams(at < 0 ? '' : href.slice(at)),
  };
}

/** The moment that the reader looks back to stays with him from page to page. */
export const MOMENT = 'as_of';

function kept(to: string): string {
  const moment = new URLSearchParams(window.location.search).get(MOMENT);
  const [path = '', query = ''] = to.split('?');
  const search = new URLSearchParams(query);
  if (moment === null || search.has(MOMENT)) return to;
  search.set(MOMENT, moment);
  return `${path}?${search.toString()}`;
}

interface GoOptions {
  replace?: boolean;
  /** Back to the present, or to another moment that the address names. */
  leaveMoment?: boolean;
}

export function go(to: string, options: GoOptions = {}): void {
  const href = BASE + (options.leaveMoment === true ? to : kept(to));
  if (options.replace === true) window.history.replaceState(null, '', href);
  else window.history.pushState(null, '', href);
  window.dispatchEvent(new Event(MOVED));
}

function isPlain(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
}

interface LinkProps {
  to: string;
  children: ReactNode;
  label?: string;
  className?: string;
}

export function Link({ to, children, label, className }: LinkProps) {
  const follow = (event: MouseEvent) => {
    if (!isPlain(event)) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a href={BASE + kept(to)} onClick={follow} aria-label={label} className={className}>
      {children}
    </a>
  );
}

/** The moment that the page is of; now where it is null. */
export function useMoment(): string | null {
  return usePlace().search.get(MOMENT);
}

/** The address of a read as of that moment. */
export function asOf(path: string, moment: string | null): string {
  if (moment === null) return path;
  return `${path}${path.includes('?') ? '&' : '?'}${MOMENT}=${encodeURIComponent(moment)}`;
}
