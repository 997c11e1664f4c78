import { useEffect, useState } from 'react';

const SECOND = 1_000;

/** Whole seconds since it was first shown. */
export function useElapsed(): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = window.setInterval(() => setSeconds((before) => before + 1), SECOND);
    return () => window.clearInterval(timer);
  }, []);
  return seconds;
}
