/** What was sent to a destination, what waits, and what nobody took: sent again, or from an event on. */
import { useQuery } from '@tanstack/react-query';
import { App, Button, Drawer, InputNumber, Space, Tag } from 'antd';
import { useState } from 'react';
import { useKnown } from '../../api/catalogue';
import { request } from '../../api/client';
import type { Delivery, Destination } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Link } from '../../app/route';
import { Failed, Loading, Nothing } from '../../app/states';
import { FileTable } from '../../tables/FileTable';
import { paged } from '../../tables/rows';
import { instant } from '../../values/format';
import { StreamLink } from '../../values/StreamLink';
import { useManner } from '../../values/useManner';
import { useAsk } from './useAsk';

const PAUSE = 5_000;
const ROWS = paged(20);
const WIDTH = 920;
const COLORS = { waiting: 'processing', sent: 'success', parked: 'error', withheld: 'default' };

export function Deliveries({ destination, onClose }: { destination: Destination; onClose: () => void }) {
  const text = useText();
  const known = useKnown();
  const manner = useManner();
  const { message } = App.useApp();
  const { busy, ask } = useAsk();
  const [after, setAfter] = useState<number | null>(null);
  const path = `/destinations/${destination.id}`;
  const found = useQuery({
    queryKey: ['destinations', destination.id, 'deliveries'],
    queryFn: async ({ signal }) => (await request<{ data: Delivery[] }>(`${path}/deliveries?limit=500`, { signal })).data,
    refetchInterval: PAUSE,
  });
  const parked = found.data?.filter((one) => one.state === 'parked').length ?? 0;
  const retry = async () => {
    const told = await ask<{ retried: number }>(`${path}/retry`);
    if (told !== null) void message.success(text('destinations.retried', { n: told.retried }));
  };
  const replay = async () => {
    const told = await ask<{ until: number }>(`${path}/replay`, { after: after ?? 0 });
    if (told !== null) void message.success(text('destinations.replayed', { until: told.until }));
  };
  return (
    <Drawer open title={`${text('destinations.deliveries')} · ${destination.address}`} size={WIDTH} onClose={onClose}>
      <div className="stack">
        <Space wrap>
          <Button type="primary" disabled={parked === 0} loading={busy} onClick={() => void retry()}>
            {text('destinations.retry', { n: parked })}
          </Button>
          <InputNumber
            aria-label={text('destinations.after')}
            placeholder={text('destinations.after')}
            min={0}
            precision={0}
            value={after}
            onChange={setAfter}
            style={{ width: 190 }}
          />
          <Button disabled={after === null} loading={busy} onClick={() => void replay()}>
            {text('destinations.replay')}
          </Button>
        </Space>
        {found.isPending && <Loading />}
        {found.error !== null && <Failed error={found.error} />}
        {found.data?.length === 0 && <Nothing>{text('destinations.noneSent')}</Nothing>}
        {found.data !== undefined && found.data.length > 0 && (
          <FileTable<Delivery>
            file="deliveries"
            rowKey={(one) => `${String(one.position)} ${one.subscription}`}
            dataSource={found.data}
            pagination={ROWS}
            columns={[
              { title: text('destinations.toldAt'), render: (_, one) => instant(one.told_at, manner) },
              {
                title: text('card.event'),
                render: (_, one) => <Link to={`/events/${String(one.position)}`}>{known.event(one.type)?.label ?? one.type}</Link>,
              },
              { title: text('why.of'), render: (_, one) => <StreamLink stream={one.about} /> },
              {
                title: text('operations.state'),
                render: (_, one) => <Tag color={COLORS[one.state]}>{text(`delivery.${one.state}`)}</Tag>,
              },
              { title: text('destinations.tries'), dataIndex: 'tries', className: 'number' },
              { title: text('destinations.sentAt'), render: (_, one) => (one.sent_at == null ? '' : instant(one.sent_at, manner)) },
              { title: text('operations.error'), render: (_, one) => <span className="small">{one.error}</span> },
            ]}
          />
        )}
      </div>
    </Drawer>
  );
}
