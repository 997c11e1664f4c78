/** A tab of a card that is read in one dossier: what stands there before it, and how fresh it is. */
import type { ReactNode } from 'react';
import type { Dossier } from '../../api/shapes';
import { Failed, Loading, Stale } from '../../app/states';
import { useDossier } from './useDossier';

interface DossierTabProps {
  path: string;
  limit?: number;
  children: (dossier: Dossier) => ReactNode;
}

export function DossierTab({ path, limit, children }: DossierTabProps) {
  const found = useDossier(path, limit);
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Failed error={found.error} again={() => void found.refetch()} />;
  return (
    <div className="stack">
      <Stale freshness={found.data.freshness} />
      {children(found.data)}
    </div>
  );
}
