/** One event: what it says, of what, by whom, under which command, and what came of that. */
import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Card, Typography } from 'antd';
import { useKnown } from '../../api/catalogue';
import { request } from '../../api/client';
import type { LoggedEvent } from '../../api/shapes';
import { usePreferences, useText } from '../../app/preferences';
import { go } from '../../app/route';
import { Failed, Loading } from '../../app/states';
import { Fact } from '../../values/Fact';
import { plain } from '../../values/format';
import { Lines } from '../../values/Lines';
import { StreamLink } from '../../values/StreamLink';
import { Value } from '../../values/Value';
import { Origin } from './Origin';
import { SameCommand } from './SameCommand';

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
      <StreamLink stream={event.stream} />
      <div className="page-head">
        <Typography.Title level={1}>{described?.label ?? event.type}</Typography.Title>
        <Typography.Text type="secondary">
          {text('event.title', { position: event.position })}
        </Typography.Text>
        <span className="grow" />
        <Button icon={<LeftOutlined />} disabled={event.position <= 1} onClick={() => step(-1)}>
          {text('event.before')}
        </Button>
        <Button icon={<RightOutlined />} iconPlacement="end" onClick={() => step(1)}>
          {text('event.after')}
        </Button>
      </div>
      {described?.about !== undefined && described.about !== null && (
        <Typography.Paragraph type="secondary">{plain(described.about)}</Typography.Paragraph>
      )}
      <div className="beside event">
        <div className="stack">
          <What event={event} />
          <SameCommand event={event} />
        </div>
        <Origin event={event} />
      </div>
    </div>
  );
}

function What({ event }: { event: LoggedEvent }) {
  const text = useText();
  const known = useKnown();
  const fields = (known.event(event.type)?.fields ?? []).filter((one) => one.name in event.data);
  const isTable = (name: string) =>
    (fields.find((one) => one.name === name)?.fields ?? []).length > 0;
  return (
    <>
      <Card size="small" title={text('event.what')}>
        <dl className="fields">
          {fields
            .filter((one) => !isTable(one.name))
            .map((field) => (
              <Fact key={field.name} label={field.label}>
                <Value field={field} row={event.data} />
              </Fact>
            ))}
        </dl>
        {fields.length === 0 && text('event.saysNothing')}
      </Card>
      {fields
        .filter((one) => isTable(one.name))
        .map((field) => (
          <Lines key={field.name} field={field} of={event.data} />
        ))}
    </>
  );
}
