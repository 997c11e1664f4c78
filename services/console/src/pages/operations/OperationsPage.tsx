/** Whether the platform keeps up and is whole: views, processes, what is parked, due and imported, the log. */
import { useQuery } from '@tanstack/react-query';
import { Tabs, Tag, Typography } from 'antd';
import { request, withQuery } from '../../api/client';
import type { Status } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { go, usePlace } from '../../app/route';
import { Failed, Loading } from '../../app/states';
import { Deadlines } from './Deadlines';
import { Imports } from './Imports';
import { Integrity } from './Integrity';
import { Parked } from './Parked';
import { Processes, Whole } from './Positions';
import { Views } from './Views';

/** Milliseconds between two looks. */
const PAUSE = 5_000;

export default function OperationsPage() {
  const text = useText();
  const { path, search } = usePlace();
  const found = useQuery({
    queryKey: ['status'],
    queryFn: () => request<Status>('/status'),
    refetchInterval: PAUSE,
  });
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Failed error={found.error} again={() => void found.refetch()} />;
  const status = found.data;
  const behind = Object.values(status.views).filter((one) => one.lag_events > 0).length;
  const held = Object.values(status.processes).reduce((n, one) => n + one.parked_events, 0);
  const parked = status.parked.length + held;
  const show = (tab: string) => go(withQuery(path, new URLSearchParams({ tab })), { replace: true });
  const tabs = [
    { key: 'views', label: text('operations.views'), children: <Views status={status} /> },
    { key: 'processes', label: text('operations.processes'), children: <Processes status={status} /> },
    { key: 'parked', label: `${text('operations.parked')} (${String(parked)})`, children: <Parked /> },
    { key: 'deadlines', label: text('operations.deadlines'), children: <Deadlines /> },
    { key: 'imports', label: text('operations.imports'), children: <Imports /> },
    { key: 'integrity', label: text('integrity.title'), children: <Integrity /> },
  ];
  return (
    <div className="page">
      <div className="page-head">
        <Typography.Title level={1}>{text('operations.title')}</Typography.Title>
        <Tag color={behind === 0 ? 'success' : 'warning'}>
          {behind === 0 ? text('operations.keepsUp') : text('operations.behind', { n: behind })}
        </Tag>
        {parked > 0 && <Tag color="error">{text('operations.parkedNow', { n: parked })}</Tag>}
      </div>
      <Whole status={status} />
      <Tabs activeKey={search.get('tab') ?? 'views'} onChange={show} items={tabs} destroyOnHidden />
    </div>
  );
}
