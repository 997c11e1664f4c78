/** Looks again at what waits whenever something happens that the reader may see. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useKnown } from '../../api/catalogue';
import { listen } from '../../api/live';

export const WAITING = 'waiting';
/** Many events in a row are one reason to look. */
const PAUSE = 700;

export function useLive(): boolean {
  const queries = useQueryClient();
  const known = useKnown();
  const [live, setLive] = useState(true);
  useEffect(() => {
    let timer: number | undefined;
    const look = () => {
      timer = undefined;
      void queries.invalidateQueries({ queryKey: [WAITING] });
    };
    const happened = () => {
      timer ??= window.setTimeout(look, PAUSE);
    };
    const types = known.all.events.map((one) => one.name);
    const stop = listen('/events/stream', types, { happened, connected: setLive });
    return () => {
      window.clearTimeout(timer);
      stop();
    };
  }, [queries, known]);
  return live;
}
