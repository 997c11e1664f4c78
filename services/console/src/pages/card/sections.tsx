/** What the cards of some kinds show besides what all cards show. */
import { lazy, type ComponentType } from 'react';
import type { Kind, Thing } from '../../api/shapes';
import type { TextName } from '../../texts';

export interface SectionProps {
  kind: Kind;
  thing: Thing;
}

interface Section {
  Section: ComponentType<SectionProps>;
  /** Tables that it shows in its own way. */
  shows?: string[];
}

/** On top of the overview. */
export const SECTIONS: Record<string, Section> = {
  agenda: { Section: lazy(() => import('../agenda/CalendarAddress')) },
  contract: { Section: lazy(() => import('../contract/Agreed')), shows: ['lines'] },
  order: { Section: lazy(() => import('../order/Course')) },
  quotation: { Section: lazy(() => import('../quotation/Offer')), shows: ['lines', 'revisions'] },
  statement: { Section: lazy(() => import('../statement/Statement')), shows: ['lines'] },
};

interface OwnTab {
  key: string;
  title: TextName;
  Tab: ComponentType<SectionProps>;
  fits?: (thing: Thing) => boolean;
}

const isPartner = ({ data }: Thing) => data.customer_kind === 'dealer' || typeof data.partner_type === 'string';

/** Before the overview; a card begins with the first. */
export const OWN_TABS: Record<string, OwnTab[]> = {
  customer: [
    { key: '360', title: 'dossier.customer', Tab: lazy(() => import('../dossier/Customer360')) },
    { key: 'file', title: 'dossier.dealer', Tab: lazy(() => import('../dossier/DealerFile')), fits: isPartner },
  ],
  member: [{ key: 'member', title: 'dossier.member', Tab: lazy(() => import('../member/MemberCard')) }],
};

export function tabsOf(kind: Kind, thing: Thing): OwnTab[] {
  return (OWN_TABS[kind.name] ?? []).filter((one) => one.fits?.(thing) ?? true);
}
