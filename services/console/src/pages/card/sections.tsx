/** What the card of some kinds shows on top, besides what all cards show. */
import { lazy, type ComponentType } from 'react';
import type { Kind, Thing } from '../../api/shapes';

export interface SectionProps {
  kind: Kind;
  thing: Thing;
}

interface Section {
  Section: ComponentType<SectionProps>;
  /** Tables that it shows in its own way. */
  shows?: string[];
}

export const SECTIONS: Record<string, Section> = {
  order: { Section: lazy(() => import('../order/Course')) },
  quotation: { Section: lazy(() => import('../quotation/Offer')), shows: ['lines', 'revisions'] },
};
