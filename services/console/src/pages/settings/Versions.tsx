/** Every version of some settings: what it set, from when on, why, and who made it. */
import { useQuery } from '@tanstack/react-query';
import { Card, Timeline, Typography } from 'antd';
import { request } from '../../api/client';
import type { SettingsStep } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Link } from '../../app/route';
import { Failed, Loading, Nothing } from '../../app/states';
import { instant } from '../../values/format';
import { useManner } from '../../values/useManner';

export function Versions({ address, changes }: { address: string; changes: number }) {
  const text = useText();
  const manner = useManner();
  const found = useQuery({
    queryKey: ['settings', address, changes],
    queryFn: async () => (await request<{ data: SettingsStep[] }>(address)).data,
  });
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Failed error={found.error} />;
  return (
    <Card size="small" title={text('settings.versions')}>
      {found.data.length === 0 && <Nothing>{text('settings.asDelivered')}</Nothing>}
      <Timeline
        items={[...found.data].reverse().map((one) => ({
          key: one.version,
          content: (
            <>
              <Link to={`/events/${String(one.position)}`}>{text('card.version', { n: one.version })}</Link>{' '}
              <Typography.Text type="secondary">
                {instant(one.valid_from, manner)} · {one.actor}
              </Typography.Text>
              <div>{one.reason}</div>
              {one.changed.map((name) => (
                <div key={name} className="mono">
                  {name}: {JSON.stringify(one.before[name])} → {JSON.stringify(one.values[name])}
                </div>
              ))}
            </>
          ),
        }))}
      />
    </Card>
  );
}
