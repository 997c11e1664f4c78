/** Who may do and see what, who gave it, and who looked at what. */
import { Tabs, Typography } from 'antd';
import { useKnown } from '../../api/catalogue';
import { withQuery } from '../../api/client';
import { useText } from '../../app/preferences';
import { go, usePlace } from '../../app/route';
import { Commands } from '../../values/Commands';
import { AccessLog } from './AccessLog';
import { Accounts } from './Accounts';
import { Tried } from './Tried';

export default function AccessPage() {
  const text = useText();
  const known = useKnown();
  const { path, search } = usePlace();
  const account = known.kind('account');
  const show = (tab: string) => go(withQuery(path, new URLSearchParams({ tab })), { replace: true });
  const tabs = [
    { key: 'accounts', label: account?.plural, children: <Accounts /> },
    { key: 'tried', label: text('access.tried'), children: <Tried /> },
    ...(known.operates('access-log') ? [{ key: 'log', label: text('access.log'), children: <AccessLog /> }] : []),
  ];
  return (
    <div className="page">
      <div className="page-head">
        <Typography.Title level={1}>{text('access.title')}</Typography.Title>
        <span className="grow" />
        {account !== undefined && <Commands kind={account} beginning />}
      </div>
      <Tabs activeKey={search.get('tab') ?? 'accounts'} onChange={show} items={tabs} destroyOnHidden />
    </div>
  );
}
