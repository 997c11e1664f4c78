/** The latest events that fit, the newest first; while paused, those that come wait. */
import { useEffect, useRef, useState } from 'react';
import { useKnown, type Known } from '../../api/catalogue';
import { request } from '../../api/client';
import { listen } from '../../api/live';
import type { ListPage, LoggedEvent } from '../../api/shapes';

/** More than anybody reads; older ones are in the lists and on the cards. */
export const SHOWN = 200;
/** So many positions back it begins, so that there is something to look at. */
const BACK = 40;
/** Events that come within so many milliseconds are drawn at once. */
const DRAWN = 150;

interface Streamed {
  live: boolean;
  events: LoggedEvent[];
  /** How many came since the pause began. */
  waiting: number;
}

/** Where the log ends, as any list tells. */
async function head(known: Known): Promise<number> {
  const kind = known.all.kinds.find((one) => typeof one.address === 'string');
  if (kind === undefined) return 0;
  const page = await request<ListPage>(`${kind.address ?? ''}?limit=1&fields=id`);
  return page.freshness.head;
}

export function useStream(query: string, paused: boolean): Streamed {
  const known = useKnown();
  const [live, setLive] = useState(false);
  const [events, setEvents] = useState<LoggedEvent[]>([]);
  const [waiting, setWaiting] = useState(0);
  const isPaused = useRef(paused);
  const came = useRef<LoggedEvent[]>([]);
  const draw = useRef<() => void>(() => undefined);
  useEffect(() => {
    let stopped = false;
    let stop: (() => void) | undefined;
    let timer: number | undefined;
    draw.current = () => {
      timer = undefined;
      if (isPaused.current) {
        setWaiting(came.current.length);
        return;
      }
      const fresh = came.current;
      came.current = [];
      setWaiting(0);
      setEvents((before) => [...fresh.reverse(), ...before].slice(0, SHOWN));
    };
    const happened = (event: LoggedEvent) => {
      came.current = [...came.current, event].slice(-SHOWN);
      timer ??= window.setTimeout(draw.current, DRAWN);
    };
    const begin = async () => {
      const after = Math.max(0, (await head(known).catch(() => 0)) - BACK);
      if (stopped) return;
      const more = `${query}${query === '' ? '' : '&'}after=${String(after)}`;
      const types = known.all.events.map((one) => one.name);
      stop = listen(`/events/stream?${more}`, types, { happened, connected: setLive });
    };
    came.current = [];
    setEvents([]);
    void begin();
    return () => {
      stopped = true;
      window.clearTimeout(timer);
      stop?.();
    };
  }, [query, known]);
  useEffect(() => {
    isPaused.current = paused;
    draw.current();
  }, [paused]);
  return { live, events, waiting };
}
