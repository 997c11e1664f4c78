/** The pages of all frames of a race, and a clock that leads from one to the next while it runs. */
import { useQueries } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { request } from '../../api/client';
import type { ListPage } from '../../api/shapes';

/** For a bar to move to its place, and for the eye to see who it was. */
const STEP_MS = 900;

export interface Running {
  pages: (ListPage | undefined)[];
  running: boolean;
  run: (on: boolean) => void;
}

export function useRace(
  addresses: string[],
  at: number,
  language: string,
  goTo: (frame: number) => void,
): Running {
  const [running, run] = useState(false);
  const found = useQueries({
    queries: addresses.map((address) => ({
      queryKey: ['figure', address, language],
      queryFn: ({ signal }: { signal: AbortSignal }) => request<ListPage>(address, { signal }),
    })),
  });
  const pages = found.map((one) => one.data);
  const next = at + 1;
  const isOver = next >= addresses.length;
  // A frame that has not come yet is waited for.
  const isReady = pages[next] !== undefined || found[next]?.isError === true;
  useEffect(() => {
    if (!running || isOver || !isReady) return undefined;
    const timer = window.setTimeout(() => goTo(next), STEP_MS);
    return () => window.clearTimeout(timer);
  }, [running, isOver, isReady, next, goTo]);
  return {
    pages,
    running: running && !isOver,
    run: (on) => {
      if (on && isOver) goTo(0);
      run(on);
    },
  };
}
