/** What was reached leads to all that happened in the days of the target, within its limits. */
import type { ReactNode } from 'react';
import { useText } from '../../app/preferences';
import { Link } from '../../app/route';
import type { Target } from './tree';

export function Actual({ target, children }: { target: Target; children: ReactNode }) {
  const text = useText();
  const asked = new URLSearchParams({ target: target.target, measure: String(target.metric) });
  if (typeof target.currency === 'string') asked.set('currency', target.currency);
  const label = text('figure.explain', { name: target.target, value: String(children) });
  return (
    <Link to={`/figures/attainment/why?${asked.toString()}`} label={label}>
      {children}
    </Link>
  );
}
