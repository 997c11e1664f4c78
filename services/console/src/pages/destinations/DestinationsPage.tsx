/** Where the reader is sent notices besides his inbox: made, confirmed, tried, and what was sent there. */
import { PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Card, Typography } from 'antd';
import { useState } from 'react';
import { request, withQuery } from '../../api/client';
import type { Destination } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { go, usePlace } from '../../app/route';
import { Failed, Loading, Nothing } from '../../app/states';
import { Deliveries } from './Deliveries';
import { DestinationTable } from './DestinationTable';
import { NewDestination } from './NewDestination';
import { Secret } from './Secret';
import { Subscriptions } from './Subscriptions';

/** The sender mails codes and sends notices meanwhile. */
const PAUSE = 10_000;

export default function DestinationsPage() {
  const text = useText();
  const { path, search } = usePlace();
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const found = useQuery({
    queryKey: ['destinations'],
    queryFn: async ({ signal }) => (await request<{ data: Destination[] }>('/destinations', { signal })).data,
    refetchInterval: PAUSE,
  });
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Failed error={found.error} again={() => void found.refetch()} />;
  const open = found.data.find((one) => one.id === search.get('destination'));
  const show = (id: string | null) =>
    go(withQuery(path, new URLSearchParams(id === null ? {} : { destination: id })), { replace: true });
  return (
    <div className="page">
      <div className="page-head">
        <Typography.Title level={1}>{text('destinations.title')}</Typography.Title>
        <Typography.Text type="secondary">{text('destinations.help')}</Typography.Text>
        <span className="grow" />
        <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
          {text('destinations.add')}
        </Button>
      </div>
      <div className="stack">
        <Card size="small" styles={{ body: { padding: 0 } }}>
          {found.data.length === 0 ? (
            <Nothing>{text('destinations.none')}</Nothing>
          ) : (
            <DestinationTable destinations={found.data} onSecret={setSecret} onOpen={show} />
          )}
        </Card>
        <Subscriptions destinations={found.data} />
      </div>
      {adding && <NewDestination onClose={() => setAdding(false)} onSecret={setSecret} />}
      {secret !== null && <Secret secret={secret} onClose={() => setSecret(null)} />}
      {open !== undefined && <Deliveries destination={open} onClose={() => show(null)} />}
    </div>
  );
}
