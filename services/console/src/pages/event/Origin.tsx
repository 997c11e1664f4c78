/** From the event back: when it happened, under which command, and who gave that. */
import { Card, Timeline, Typography } from 'antd';
import type { LoggedEvent } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Link } from '../../app/route';
import { instant } from '../../values/format';
import { useManner } from '../../values/useManner';

export function Origin({ event }: { event: LoggedEvent }) {
  const text = useText();
  const manner = useManner();
  const step = (label: string, value: string, to?: string) => ({
    key: label,
    content: (
      <>
        <Typography.Text type="secondary">{label}</Typography.Text>
        <div className="mono">{to === undefined ? value : <Link to={to}>{value}</Link>}</div>
      </>
    ),
  });
  const cause = event.causation_id;
  const caused = cause !== null && /^\d+$/.test(cause) ? `/events/${cause}` : undefined;
  return (
    <Card size="small" title={text('event.who')}>
      <Timeline
        items={[
          step(text('event.occurred'), instant(event.occurred_at, manner)),
          step(text('event.recorded'), instant(event.recorded_at, manner)),
          step(text('event.command'), event.command_id),
          ...(cause === null ? [] : [step(text('event.causation'), cause, caused)]),
          step(text('event.correlation'), event.correlation_id),
          step(text('event.actor'), event.actor),
        ]}
      />
      <Typography.Text type="secondary" className="mono">
        {text('event.version')} {event.version} · {text('event.digest')} {event.digest}
      </Typography.Text>
    </Card>
  );
}
