import { useMemo } from 'react';
import { useKnown } from '../api/catalogue';
import { translator, usePreferences } from '../app/preferences';
import type { Manner } from './format';

/** How values are shown to this reader. */
export function useManner(): Manner {
  const known = useKnown();
  const { language } = usePreferences();
  return useMemo(
    () => ({
      language,
      zone: known.all.zone,
      digitsOf: (currency) => known.digitsOf(currency),
      text: translator(language),
    }),
    [known, language],
  );
}
