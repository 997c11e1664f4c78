/** One thing with all that hangs on it, in one answer and of one moment. */
import { useQuery } from '@tanstack/react-query';
import { request, withOwnWrites } from '../../api/client';
import type { Dossier, DossierPart, Freshness, Names, Row } from '../../api/shapes';
import { usePreferences } from '../../app/preferences';
import { asOf, useMoment } from '../../app/route';

interface Answer {
  data: Row;
  names?: Names;
  freshness: Freshness;
  [part: string]: unknown;
}

export function useDossier(path: string, limit = 5) {
  const { language } = usePreferences();
  const address = asOf(`${path}?limit=${String(limit)}&expand=names`, useMoment());
  return useQuery({
    queryKey: ['dossier', address, language],
    queryFn: async ({ signal }): Promise<Dossier> => {
      const { data, names = {}, freshness, ...parts } = await request<Answer>(withOwnWrites(address), { signal });
      return { data, names, freshness, parts: parts as Dossier['parts'] };
    },
  });
}

/** The rows of a figure in the dossier; none where the reader may not read it. */
export function figureRows(dossier: Dossier, part: string): Row[] {
  const found = dossier.parts[part];
  return Array.isArray(found) ? found : [];
}

export function listOf(dossier: Dossier, part: string): DossierPart | undefined {
  const found = dossier.parts[part];
  return found === undefined || Array.isArray(found) ? undefined : found;
}
