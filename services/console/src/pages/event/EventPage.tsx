/** One event: what it says, of what, by whom, under which command, and what caused it. */
import { useQuery } from '@tanstack/react-query';
import { Button, Card, Typography } from 'antd';
import { useKnown } from '../../api/catalogue';
import { request } from '../../api/client';
import type { LoggedEvent } from '../../api/shapes';
import { usePreferences, useText } from '../../app/preferences';
import { go } from '../../app/route';
import { Failed, Loading } from '../../app/states';
import { Fact } from '../../values/Fact';
import { instant, plain } from '../../values/format';
import { StreamLink } from '../../values/StreamLink';
import { useManner } from '../../values/useManner';
import { Value } from '../../values/Value';

export default function EventPage({ position }: { position: string }) {
  const { language } = usePreferences();
  const found = useQuery({
    queryKey: ['event', position, language],
    queryFn: () => request<LoggedEvent>(`/events/${encodeURIComponent(position)}`),
  });
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Failed error={found.error} />;
  return <Shown event={found.data} />;
}

function Shown({ event }: { event: LoggedEvent }) {
  const text = useText();
  const known = useKnown();
  const described = known.event(event.type);
  const step = (by: number) => go(`/events/${String(event.position + by)}`);
  return (
    <div className="page">
      <div className="page-head">
        <Typography.Title level={1}>{described?.label ?? event.type}</Typography.Title>
        <Typography.Text type="secondary">
          {text('event.title', { position: event.position })}
        </Typography.Text>
        <span className="grow" />
        <Button disabled={event.position <= 1} onClick={() => step(-1)}>
          {text('event.before')}
        </Button>
        <Button onClick={() => step(1)}>{text('event.after')}</Button>
      </div>
      {described?.about !== undefined && described.about !== null && (
        <Typography.Paragraph>{plain(described.about)}</Typography.Paragraph>
      )}
      <div className="cards">
        <What event={event} />
        <Who event={event} />
      </div>
    </div>
  );
}

function What({ event }: { event: LoggedEvent }) {
  const text = useText();
  const known = useKnown();
  const fields = (known.event(event.type)?.fields ?? []).filter((one) => one.name in event.data);
  return (
    <Card size="small" title={text('event.what')}>
      <dl className="fields">
        <Fact label={text('event.stream')}>
          <StreamLink stream={event.stream} />
        </Fact>
        {fields.map((field) => (
          <Fact key={field.name} label={field.label}>
            <Value field={field} row={event.data} />
          </Fact>
        ))}
      </dl>
    </Card>
  );
}

function Who({ event }: { event: LoggedEvent }) {
  const text = useText();
  const manner = useManner();
  const facts: [string, string | null][] = [
    [text('event.actor'), event.actor],
    [text('event.occurred'), instant(event.occurred_at, manner)],
    [text('event.recorded'), instant(event.recorded_at, manner)],
    [text('event.command'), event.command_id],
    [text('event.correlation'), event.correlation_id],
    [text('event.causation'), event.causation_id],
    [text('event.version'), String(event.version)],
    [text('event.digest'), event.digest],
  ];
  return (
    <Card size="small" title={text('event.who')}>
      <dl className="fields">
        {facts
          .filter(([, value]) => value !== null)
          .map(([label, value]) => (
            <Fact key={label} label={label}>
              <span className="mono">{value}</span>
            </Fact>
          ))}
      </dl>
    </Card>
  );
}
