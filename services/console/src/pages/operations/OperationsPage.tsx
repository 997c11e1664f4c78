/** Whether the platform keeps up and is whole, as far as the reader keeps it in order. */
import { useQuery } from '@tanstack/react-query';
import { Tabs, Tag, Typography } from 'antd';
import type { ReactNode } from 'react';
import { useKnown } from '../../api/catalogue';
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

interface Part {
  key: string;
  label: string;
  /** What lets see it; the deadlines of what one sees are there for everybody. */
  right?: string;
  children: ReactNode;
}

function parkedIn(status: Status): number {
  return Object.values(status.processes).reduce((n, one) => n + one.parked_events, status.parked.length);
}

export default function OperationsPage() {
  const text = useText();
  const known = useKnown();
  const seesStatus = known.operates('status');
  const found = useQuery({
    queryKey: ['status'],
    queryFn: () => request<Status>('/status'),
    refetchInterval: PAUSE,
    enabled: seesStatus,
  });
  if (seesStatus && found.isPending) return <Loading />;
  if (found.error !== null) return <Failed error={found.error} again={() => void found.refetch()} />;
  return (
    <div className="page">
      <div className="page-head">
        <Typography.Title level={1}>{text('operations.title')}</Typography.Title>
        {found.data !== undefined && <Upkeep status={found.data} />}
      </div>
      {found.data !== undefined && <Whole status={found.data} />}
      <Parts status={found.data} />
    </div>
  );
}

function Upkeep({ status }: { status: Status }) {
  const text = useText();
  const behind = Object.values(status.views).filter((one) => one.lag_events > 0).length;
  const parked = parkedIn(status);
  return (
    <>
      <Tag color={behind === 0 ? 'success' : 'warning'}>
        {behind === 0 ? text('operations.keepsUp') : text('operations.behind', { n: behind })}
      </Tag>
      {parked > 0 && <Tag color="error">{text('operations.parkedNow', { n: parked })}</Tag>}
    </>
  );
}

function Parts({ status }: { status: Status | undefined }) {
  const text = useText();
  const known = useKnown();
  const { path, search } = usePlace();
  const show = (tab: string) => go(withQuery(path, new URLSearchParams({ tab })), { replace: true });
  const waiting = status === undefined ? '' : ` (${String(parkedIn(status))})`;
  const ofStatus = status === undefined ? [] : [
    { key: 'views', label: text('operations.views'), children: <Views status={status} /> },
    { key: 'processes', label: text('operations.processes'), children: <Processes status={status} /> },
  ];
  const parts: Part[] = [
    ...ofStatus,
    { key: 'parked', label: text('operations.parked') + waiting, right: 'parked', children: <Parked /> },
    { key: 'deadlines', label: text('operations.deadlines'), children: <Deadlines /> },
    { key: 'imports', label: text('operations.imports'), right: 'imports', children: <Imports /> },
    { key: 'integrity', label: text('integrity.title'), right: 'integrity', children: <Integrity /> },
  ];
  const items = parts.filter(({ right }) => right === undefined || known.operates(right));
  const asked = search.get('tab');
  const chosen = items.find(({ key }) => key === asked) ?? items[0];
  return <Tabs activeKey={chosen?.key} onChange={show} items={items} destroyOnHidden />;
}
