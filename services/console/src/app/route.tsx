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

export function go(to: string, options: { replace?: boolean } = {}): void {
  const href = BASE + to;
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
    <a href={BASE + to} onClick={follow} aria-label={label} className={className}>
      {children}
    </a>
  );
}
