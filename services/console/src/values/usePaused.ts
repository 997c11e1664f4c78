import { useEffect, useState } from 'react';

const PAUSE = 200;

/** What was typed, once the typing has paused. */
export function usePaused(words: string): string {
  const [paused, setPaused] = useState(words);
  useEffect(() => {
    const timer = window.setTimeout(() => setPaused(words), PAUSE);
    return () => window.clearTimeout(timer);
  }, [words]);
  return paused;
}
