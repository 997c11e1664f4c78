/** Some settings: their values beside those the platform comes with, a form, and every version. */
import { useQuery } from '@tanstack/react-query';
import { Card, Typography } from 'antd';
import { useKnown } from '../../api/catalogue';
import { request, withOwnWrites } from '../../api/client';
import type { SettingsShape } from '../../api/shapes';
import { usePreferences, useText } from '../../app/preferences';
import { Link } from '../../app/route';
import { Failed, Loading } from '../../app/states';
import { plain } from '../../values/format';
import { SettingsForm } from './SettingsForm';
import { Versions } from './Versions';

export function OneSettings({ id }: { id: string }) {
  const text = useText();
  const known = useKnown();
  const { language } = usePreferences();
  const about = known.all.settings.find((one) => one.name === id);
  const address = `/settings/${encodeURIComponent(id)}`;
  const found = useQuery({
    queryKey: ['settings', id, language],
    queryFn: () => request<SettingsShape>(address),
  });
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Failed error={found.error} />;
  // Lists within lists need all of the width.
  const isDeep = (about?.fields ?? []).some((one) => (one.fields ?? []).length > 0);
  return (
    <div className="page">
      <Link to="/settings">{text('settings.title')}</Link>
      <div className="page-head">
        <Typography.Title level={1}>{found.data.label}</Typography.Title>
        <Typography.Text type="secondary">{id}</Typography.Text>
      </div>
      {about?.about != null && (
        <Typography.Paragraph type="secondary">{plain(about.about)}</Typography.Paragraph>
      )}
      <div className={isDeep ? 'stack' : 'beside halves'}>
        <Card size="small" title={text('settings.values')}>
          {about !== undefined && (
            <SettingsForm key={found.data.changes} fields={about.fields ?? []} settings={found.data} />
          )}
        </Card>
        <Versions
          address={withOwnWrites(`${address}/history`)}
          changes={found.data.changes}
          fields={about?.fields ?? []}
        />
      </div>
    </div>
  );
}
