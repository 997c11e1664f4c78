/** Every event that mentions the thing, its own and those of others. */
import { Timeline as Steps, Typography } from 'antd';
import { useKnown } from '../../api/catalogue';
import type { LoggedEvent } from '../../api/shapes';
import { Link } from '../../app/route';
import { Failed, Loading } from '../../app/states';
import { instant } from '../../values/format';
import { useManner } from '../../values/useManner';
import { StreamLink } from '../../values/StreamLink';
import { More } from './More';
import { usePages } from './usePages';

export function Timeline({ address }: { address: string }) {
  const known = useKnown();
  const manner = useManner();
  const found = usePages<LoggedEvent>(`${address}/timeline?limit=50`);
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Failed error={found.error} />;
  const items = found.rows.map((event) => ({
    key: event.position,
    content: (
      <>
        <Link to={`/events/${String(event.position)}`}>
          {known.event(event.type)?.label ?? event.type}
        </Link>{' '}
        <StreamLink stream={event.stream} />
        <div>
          <Typography.Text type="secondary">
            {instant(event.occurred_at, manner)} · {event.actor}
          </Typography.Text>
        </div>
      </>
    ),
  }));
  return (
    <>
      <Steps items={items} />
      <More found={found} />
    </>
  );
}
