/** What comes in parts is shown when all parts have their first answers, so that nothing jumps. */
import { useIsFetching } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';

/** Milliseconds after which nobody waits for the slowest part, and in which parts begin to ask. */
const [LONGEST, BEGIN] = [2_000, 30];

export function Together({ className, children }: { className: string; children: ReactNode }) {
  const [shown, setShown] = useState(false);
  const asking = useIsFetching({ predicate: ({ state }) => state.data === undefined }) > 0;
  useEffect(() => {
    const timer = window.setTimeout(() => setShown(true), asking ? LONGEST : BEGIN);
    return () => window.clearTimeout(timer);
  }, [asking]);
  return (
    <div className={className} aria-busy={!shown} style={shown ? undefined : { visibility: 'hidden' }}>
      {children}
    </div>
  );
}
