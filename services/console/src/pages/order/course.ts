/** How far an order has come: from its draft over credit, stock and shipment to its payment. */
import type { Row } from '../../api/shapes';
import type { TextName } from '../../texts';

export type StepState = 'finish' | 'process' | 'wait' | 'error';

export interface Step {
  title: TextName;
  state: StepState;
  /** When it was done, and the event that did it. */
  at?: string;
  position?: number;
  /** How much of it is done, in minor units, where that is not all. */
  part?: number;
  note?: TextName;
}

/** What of an event the course is made of. */
export interface Happened {
  type: string;
  position: number;
  occurred_at: string;
}

const SHIPPED = new Set(['shipped', 'closed']);
const ENDED: Record<string, TextName> = {
  cancelled: 'order.cancelled',
  rejected: 'order.rejected',
};

function sum(rows: Row[], field: string): number {
  return rows.reduce((sofar, row) => sofar + Number(row[field] ?? 0), 0);
}

/** Events come the latest first. */
function last(events: Happened[], type: string): Partial<Step> {
  const found = events.find((one) => one.type === type);
  return found === undefined ? {} : { at: found.occurred_at, position: found.position };
}

export function courseOf(order: Row, events: Happened[], invoices: Row[]): Step[] {
  const status = String(order.status);
  const [amount, shipped] = [Number(order.amount), Number(order.shipped ?? 0)];
  const [invoiced, paid, open] = ['amount', 'paid', 'open'].map((one) => sum(invoices, one));
  const approved = last(events, 'OrderApproved');
  const arrived = last(events, 'StockArrived');
  const refusedFor = ['OrderCreditRefused', 'OrderApprovalRefused'].find((type) => {
    const found = last(events, type);
    return (found.position ?? 0) > (approved.position ?? 0);
  });
  const isAllSent = SHIPPED.has(status) || (shipped > 0 && shipped >= amount);
  const steps: Step[] = [
    { title: 'order.drafted', state: 'finish', ...last(events, 'OrderDrafted') },
    { title: 'order.submitted', state: 'wait', ...last(events, 'OrderSubmitted') },
    { title: 'order.approved', state: 'wait', ...approved },
    { title: 'order.shipped', state: 'wait', ...last(events, 'OrderShipped') },
    ...(arrived.at === undefined ? [] : [{ title: 'order.arrived', state: 'wait', ...arrived } as Step]),
    { title: 'order.invoiced', state: 'wait', ...last(events, 'InvoiceIssued') },
    { title: 'order.paid', state: 'wait', ...last(events, 'PaymentAllocated') },
  ];
  const told = steps.map((step): Step => {
    if (step.title === 'order.paid') {
      if ((invoiced ?? 0) > 0 && open === 0) return { ...step, state: 'finish' };
      return (paid ?? 0) > 0 ? { ...step, state: 'process', part: paid } : { ...step, at: undefined };
    }
    if (step.at === undefined) return step;
    if (step.title === 'order.shipped' && !isAllSent) return { ...step, state: 'process', part: shipped };
    if (step.title === 'order.invoiced' && (invoiced ?? 0) < shipped) {
      return { ...step, state: 'process', part: invoiced };
    }
    return { ...step, state: 'finish' };
  });
  return marked(told, status, refusedFor);
}

/** The first step that is not done is the one that it stands at, or ended at. */
function marked(steps: Step[], status: string, refusedFor: string | undefined): Step[] {
  const at = steps.findIndex((one) => one.state === 'wait');
  const ended = ENDED[status];
  return steps.map((step, index) => {
    if (index !== at) return step;
    if (ended !== undefined) return { ...step, state: 'error', note: ended };
    if (refusedFor === 'OrderCreditRefused') return { ...step, state: 'error', note: 'order.noCredit' };
    if (refusedFor !== undefined) return { ...step, state: 'error', note: 'order.noStock' };
    return { ...step, state: 'process' };
  });
}
