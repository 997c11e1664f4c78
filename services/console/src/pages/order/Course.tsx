/** How far an order has come, each step with the event that was it. */
import { useQuery } from '@tanstack/react-query';
import { Card, Steps, Typography } from 'antd';
import { useKnown } from '../../api/catalogue';
import { request, withOwnWrites } from '../../api/client';
import type { Kind, ListPage, LoggedEvent, Page, Row, Thing } from '../../api/shapes';
import { usePreferences, useText } from '../../app/preferences';
import { asOf, Link, useMoment } from '../../app/route';
import { instant, money } from '../../values/format';
import { useManner } from '../../values/useManner';
import { courseOf, type Step } from './course';

/** Enough for the events of an order with very many lines. */
const EVENTS = 500;

function useCourse(kind: Kind, order: Row): Step[] | undefined {
  const known = useKnown();
  const { language } = usePreferences();
  const moment = useMoment();
  const card = known.cardOf(kind.name, String(order.id)) ?? '';
  const timeline = asOf(`${card}/timeline?limit=${String(EVENTS)}`, moment);
  const events = useQuery({
    queryKey: ['course', timeline, language],
    queryFn: () => request<Page<LoggedEvent>>(withOwnWrites(timeline)),
  });
  const list = known.kind('invoice')?.address;
  const invoices = asOf(`${list ?? ''}?order=${encodeURIComponent(String(order.id))}`, moment);
  const issued = useQuery({
    queryKey: ['course', invoices, language],
    queryFn: () => request<ListPage>(withOwnWrites(invoices)),
    enabled: typeof list === 'string',
  });
  if (events.data === undefined || issued.isLoading) return undefined;
  return courseOf(order, events.data.data, issued.data?.data ?? []);
}

export default function Course({ kind, thing }: { kind: Kind; thing: Thing }) {
  const text = useText();
  const manner = useManner();
  const steps = useCourse(kind, thing.data);
  const currency = String(thing.data.currency);
  const told = ({ at, position, part, note }: Step) => (
    <>
      {note !== undefined && <div>{text(note)}</div>}
      {part !== undefined && <div>{text('order.part', { amount: money(part, currency, manner) })}</div>}
      {at !== undefined && position !== undefined && (
        <Link to={`/events/${String(position)}`}>
          <Typography.Text type="secondary">{instant(at, manner)}</Typography.Text>
        </Link>
      )}
    </>
  );
  return (
    <Card size="small" title={text('order.course')} style={{ minHeight: 128 }}>
      {steps !== undefined && (
        <Steps
          size="small"
          titlePlacement="vertical"
          items={steps.map((step) => ({
            key: step.title,
            title: text(step.title),
            status: step.state,
            content: told(step),
          }))}
        />
      )}
    </Card>
  );
}
