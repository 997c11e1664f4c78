/** What the card of some kinds shows on top, besides what all cards show. */
import { lazy, type ComponentType } from 'react';
import type { Kind, Thing } from '../../api/shapes';

export interface SectionProps {
  kind: Kind;
  thing: Thing;
}

export const SECTIONS: Record<string, ComponentType<SectionProps>> = {
  order: lazy(() => import('../order/Course')),
};
