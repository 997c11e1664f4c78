/** What was filled in stays over a reload of the page, in its own tab and for its own reader. */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { CurrentSession, Row } from '../../api/shapes';
import { keepAs, kept } from '../../app/kept';
import { SESSION } from '../../app/SessionGate';

interface Draft {
  at: string;
  filled: Row;
}

export interface Drafting {
  /** What had been filled in before. */
  found: Draft | null;
  keep: (filled: Row) => void;
  drop: () => void;
}

/** `of` is the command, and the state of the thing that it was opened on. */
export function useDraft(of: (string | null | undefined)[]): Drafting {
  const account = useQueryClient().getQueryData<CurrentSession>(SESSION)?.account ?? '';
  const key = ['distributary.draft', account, ...of.map((one) => one ?? '')].join(':');
  const [found] = useState(() => kept<Draft | null>(key, null, sessionStorage));
  const keep = useCallback(
    (filled: Row) => {
      keepAs(key, { at: new Date().toISOString(), filled }, sessionStorage);
    },
    [key],
  );
  const drop = useCallback(() => sessionStorage.removeItem(key), [key]);
  return { found, keep, drop };
}
