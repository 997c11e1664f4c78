/** What the company has decided for itself, by context. */
import { useQuery } from '@tanstack/react-query';
import { Card, Tag, Typography } from 'antd';
import { useKnown } from '../../api/catalogue';
import { request } from '../../api/client';
import type { SettingsShape } from '../../api/shapes';
import { usePreferences, useText } from '../../app/preferences';
import { Link, usePlace } from '../../app/route';
import { Failed, Loading } from '../../app/states';
import { OneSettings } from './OneSettings';

export default function SettingsPage() {
  const { path } = usePlace();
  const id = path.split('/')[2];
  return id === undefined ? <Every /> : <OneSettings key={id} id={decodeURIComponent(id)} />;
}

function Every() {
  const text = useText();
  const known = useKnown();
  const { language } = usePreferences();
  const found = useQuery({
    queryKey: ['settings', language],
    queryFn: async () => (await request<{ data: SettingsShape[] }>('/settings')).data,
  });
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Failed error={found.error} again={() => void found.refetch()} />;
  const contexts = known.all.contexts
    .map((one) => ({ ...one, settings: found.data.filter((each) => each.context === one.name) }))
    .filter((one) => one.settings.length > 0);
  return (
    <div className="page">
      <div className="page-head">
        <Typography.Title level={1}>{text('settings.title')}</Typography.Title>
      </div>
      <div className="cards">
        {contexts.map((one) => (
          <Card key={one.name} size="small" title={one.label}>
            <ul className="waiting">
              {one.settings.map((each) => (
                <li key={each.id}>
                  <span className="grow">
                    <Link to={`/settings/${each.id}`}>{each.label}</Link>
                  </span>
                  {each.next !== null && <Tag color="warning">{text('settings.scheduled')}</Tag>}
                  <Typography.Text type="secondary">
                    {each.version === 0
                      ? text('settings.asDelivered')
                      : text('card.version', { n: each.version })}
                  </Typography.Text>
                </li>
              ))}
            </ul>
          </Card>
        ))}
      </div>
    </div>
  );
}
