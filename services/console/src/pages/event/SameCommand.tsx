/** What else the same command brought about: all of it, or none of it, was written. */
import { useQuery } from '@tanstack/react-query';
import { Card } from 'antd';
import { useKnown } from '../../api/catalogue';
import { request } from '../../api/client';
import type { LoggedEvent, Page } from '../../api/shapes';
import { usePreferences, useText } from '../../app/preferences';
import { Link } from '../../app/route';
import { StreamLink } from '../../values/StreamLink';

const MOST = 50;

export function SameCommand({ event }: { event: LoggedEvent }) {
  const text = useText();
  const known = useKnown();
  const { language } = usePreferences();
  const asked = `/events?command=${encodeURIComponent(event.command_id)}&limit=${String(MOST)}`;
  const found = useQuery({
    queryKey: ['events', asked, language],
    queryFn: () => request<Page<LoggedEvent>>(asked),
  });
  const others = (found.data?.data ?? []).filter((one) => one.position !== event.position);
  if (others.length === 0) return null;
  return (
    <Card size="small" title={text('event.sameCommand')}>
      <ul className="waiting">
        {others.map((one) => (
          <li key={one.position}>
            <Link to={`/events/${String(one.position)}`}>
              {known.event(one.type)?.label ?? one.type}
            </Link>
            <span className="grow">
              <StreamLink stream={one.stream} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
