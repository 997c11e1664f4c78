/** Every version of some settings: what it set, from when on, why, and who made it. */
import { useQuery } from '@tanstack/react-query';
import { Card, Timeline, Typography } from 'antd';
import { request } from '../../api/client';
import type { Field, SettingsStep } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Link } from '../../app/route';
import { Failed, Loading, Nothing } from '../../app/states';
import { Differences } from '../../values/Differences';
import { instant } from '../../values/format';
import { useManner } from '../../values/useManner';

interface VersionsProps {
  address: string;
  changes: number;
  fields: Field[];
}

export function Versions({ address, changes, fields }: VersionsProps) {
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
              <div className="change">
                <Differences key={one.version} fields={fields} before={one.before} after={one.values} />
              </div>
            </>
          ),
        }))}
      />
    </Card>
  );
}
