/** What is wrong, all of it in one place: each leads to its field. */
import { Alert } from 'antd';
import { useEffect, useRef } from 'react';
import type { Problem } from '../../api/client';
import { useText } from '../../app/preferences';
import type { FormFault } from './faults';

interface FaultListProps {
  faults: FormFault[];
  problem: Problem | null;
  /** Grows with each try: then it is what the reader is led to. */
  tried: number;
  onGo: (fault: FormFault) => void;
}

export function FaultList({ faults, problem, tried, onGo }: FaultListProps) {
  const text = useText();
  const box = useRef<HTMLDivElement>(null);
  const isThere = faults.length > 0 || problem !== null;
  useEffect(() => {
    if (tried > 0) box.current?.focus();
  }, [tried]);
  if (!isThere) return null;
  const isOffline = problem?.status === 0;
  const said = isOffline ? text('problem.offlineHelp') : problem?.message;
  const title = isOffline ? text('problem.offline') : (problem?.title ?? text('form.faults', { n: faults.length }));
  // What leads to no field is told in words.
  const others = (problem?.faults ?? []).filter((one) => one.pointer === undefined && one.message !== said);
  return (
    <div ref={box} tabIndex={-1} className="faults">
      <Alert
        type="error"
        showIcon
        role="alert"
        title={title}
        description={
          <>
            {[said, ...others.map((one) => one.message)].join(' ')}
            <ul>
              {faults.map((one) => (
                <li key={one.path.join('/')}>
                  <button type="button" className="jump" onClick={() => onGo(one)}>
                    {one.words}
                  </button>
                </li>
              ))}
            </ul>
          </>
        }
      />
    </div>
  );
}
