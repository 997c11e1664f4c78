/** The lots that a member's points lie in, as the events say: each names the lots it took from. */
import type { LoggedEvent, Row } from '../../api/shapes';

export interface Lot {
  name: string;
  purchase: string;
  /** The event that opened it. */
  position: number;
  earnedAt: string;
  expiresOn: string | null;
  points: number;
  spent: number;
  expired: number;
  takenBack: number;
  left: number;
}

export interface Redemption {
  name: string;
  position: number;
  at: string;
  points: number;
  lots: { lot: string; points: number }[];
  said: Row;
  reversed: boolean;
}

function usesOf(event: LoggedEvent): { lot: string; points: number }[] {
  return (event.data.lots ?? []) as { lot: string; points: number }[];
}

function opened(event: LoggedEvent): Lot {
  const { lot, purchase, points, settled, expires_on, earned_at } = event.data;
  return {
    name: String(lot),
    purchase: String(purchase),
    position: event.position,
    earnedAt: typeof earned_at === 'string' ? earned_at : event.occurred_at,
    expiresOn: typeof expires_on === 'string' ? expires_on : null,
    points: Number(points),
    spent: Number(settled),
    expired: 0,
    takenBack: 0,
    left: Number(points) - Number(settled),
  };
}

function take(lot: Lot | undefined, of: 'spent' | 'expired' | 'takenBack', points: number): void {
  if (lot === undefined) return;
  lot[of] += points;
  lot.left -= points;
}

/** What can still be spent first, by what ends first; then what is used up, the latest first. */
function inOrder(lots: Lot[]): Lot[] {
  const end = (lot: Lot) => lot.expiresOn ?? '9999-12-31';
  const live = lots.filter((one) => one.left > 0);
  const used = lots.filter((one) => one.left <= 0);
  live.sort((one, other) => end(one).localeCompare(end(other)) || one.position - other.position);
  return [...live, ...used.sort((one, other) => other.position - one.position)];
}

/** From a member's events, in any order. */
export function lotsOf(events: LoggedEvent[]): Lot[] {
  const earned = events.filter((one) => one.type === 'PointsEarned');
  const lots = new Map(earned.map(opened).map((lot) => [lot.name, lot]));
  for (const event of events) {
    switch (event.type) {
      case 'PointsRedeemed':
        usesOf(event).forEach((one) => take(lots.get(one.lot), 'spent', one.points));
        break;
      case 'RedemptionReversed':
        usesOf(event).forEach((one) => take(lots.get(one.lot), 'spent', -one.points));
        break;
      case 'PointsExpired':
        usesOf(event).forEach((one) => take(lots.get(one.lot), 'expired', one.points));
        break;
      case 'EarningReversed':
      case 'PurchaseReturned':
        take(lots.get(String(event.data.lot)), 'takenBack', Number(event.data.points));
        break;
    }
  }
  return inOrder([...lots.values()]);
}

export function redemptionsOf(events: LoggedEvent[]): Redemption[] {
  const reversed = new Set(
    events.filter((one) => one.type === 'RedemptionReversed').map((one) => one.data.redemption),
  );
  return events
    .filter((one) => one.type === 'PointsRedeemed')
    .map((event) => ({
      name: String(event.data.redemption),
      position: event.position,
      at: event.occurred_at,
      points: Number(event.data.points),
      lots: usesOf(event),
      said: event.data,
      reversed: reversed.has(event.data.redemption),
    }))
    .sort((one, other) => other.position - one.position);
}
