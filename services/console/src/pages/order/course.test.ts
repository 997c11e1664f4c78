import { describe, expect, test } from 'vitest';
import { courseOf } from './course';

const event = (type: string, position: number) => ({ type, position, occurred_at: `day ${position}` });
const drafted = [event('OrderSubmitted', 2), event('OrderDrafted', 1)];
const shipped = [event('OrderShipped', 5), event('OrderApproved', 3), ...drafted];
const states = (steps: ReturnType<typeof courseOf>) => steps.map((one) => [one.title, one.state]);

describe('the course of an order', () => {
  test('stands at the first step that is not done', () => {
    const steps = courseOf({ status: 'submitted', amount: 100, shipped: 0 }, drafted, []);
    expect(states(steps)).toEqual([
      ['order.drafted', 'finish'],
      ['order.submitted', 'finish'],
      ['order.approved', 'process'],
      ['order.shipped', 'wait'],
      ['order.invoiced', 'wait'],
      ['order.paid', 'wait'],
    ]);
  });

  test('says that credit held it up, until it was approved all the same', () => {
    const refused = [event('OrderCreditRefused', 3), ...drafted];
    const order = { status: 'submitted', amount: 100, shipped: 0 };
    expect(courseOf(order, refused, [])[2]).toMatchObject({ state: 'error', note: 'order.noCredit' });
    const later = [event('OrderApproved', 4), ...refused];
    expect(courseOf({ ...order, status: 'approved' }, later, [])[2]?.state).toBe('finish');
  });

  test('tells the part that was sent and paid', () => {
    const invoices = [{ amount: 60, paid: 20, open: 40 }];
    const events = [event('InvoiceIssued', 6), ...shipped];
    const steps = courseOf({ status: 'partly_shipped', amount: 100, shipped: 60 }, events, invoices);
    expect(steps.slice(3).map((one) => [one.state, one.part])).toEqual([
      ['process', 60],
      ['finish', undefined],
      ['process', 20],
    ]);
  });

  test('is over where it was cancelled', () => {
    const steps = courseOf({ status: 'cancelled', amount: 100, shipped: 0 }, drafted, []);
    expect(steps[2]).toMatchObject({ state: 'error', note: 'order.cancelled' });
  });
});
