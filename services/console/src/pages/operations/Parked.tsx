/** Streams whose events a view or a process could not take: tried again, left out with a reason, taken in after all. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Card, Space } from 'antd';
import { useState } from 'react';
import { Problem, request } from '../../api/client';
import type { ParkedList, SkippedList } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Link } from '../../app/route';
import { Failed, Loading, Nothing } from '../../app/states';
import { FileTable } from '../../tables/FileTable';
import { StreamLink } from '../../values/StreamLink';
import { LeftOut } from './LeftOut';
import { Reason } from './Reason';

interface Held {
  reader: string;
  stream: string;
  events: number;
  position: number;
  error: string;
}

function heldOf(found: ParkedList): Held[] {
  return [
    ...found.data.map(({ view, ...one }) => ({ ...one, reader: view })),
    ...found.processes.map(({ process, ...one }) => ({ ...one, reader: process })),
  ];
}

/** Which event of which stream, in which view or process. */
export interface Place {
  reader: string;
  stream: string;
  position: number;
}

export function useUnpark() {
  const text = useText();
  const queries = useQueryClient();
  const { message } = App.useApp();
  return async ({ reader, stream }: Place, what: string, body?: unknown) => {
    const path = `/parked/${reader}/${encodeURIComponent(stream)}/${what}`;
    try {
      const done = await request<{ left: number; error: string | null }>(path, { method: 'POST', body });
      if (done.left === 0) void message.success(text('operations.repaired'));
      else void message.error(done.error ?? text('operations.stillParked', { n: done.left }));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      void message.error(error.message);
    }
    await queries.invalidateQueries();
  };
}

export function Parked() {
  const text = useText();
  const ask = useUnpark();
  const [skipped, setSkipped] = useState<Held | null>(null);
  const found = useQuery({
    queryKey: ['parked'],
    queryFn: async () => ({
      held: heldOf(await request<ParkedList>('/parked')),
      skipped: (await request<SkippedList>('/parked/skipped')).data,
    }),
  });
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Failed error={found.error} />;
  const { held, skipped: leftOut } = found.data;
  return (
    <div className="stack">
      {held.length === 0 ? (
        <Nothing>{text('operations.noneParked')}</Nothing>
      ) : (
        <FileTable<Held>
          file="parked"
          rowKey={(one) => `${one.reader} ${one.stream}`}
          dataSource={held}
          columns={[
            { title: text('operations.reader'), dataIndex: 'reader' },
            { title: text('event.stream'), render: (_, one) => <StreamLink stream={one.stream} /> },
            { title: text('operations.events'), dataIndex: 'events', className: 'number' },
            {
              title: text('card.event'),
              render: (_, one) => <Link to={`/events/${String(one.position)}`}>{one.position}</Link>,
            },
            { title: text('operations.error'), render: (_, one) => <span className="mono">{one.error}</span> },
            {
              key: 'do',
              render: (_, one) => (
                <Space>
                  <Button onClick={() => void ask(one, 'retry')}>{text('app.again')}</Button>
                  <Button danger onClick={() => setSkipped(one)}>
                    {text('operations.skip')}
                  </Button>
                </Space>
              ),
            },
          ]}
        />
      )}
      {leftOut.length > 0 && (
        <Card size="small" title={text('operations.leftOut')} styles={{ body: { padding: 0 } }}>
          <LeftOut skipped={leftOut} />
        </Card>
      )}
      {skipped !== null && (
        <Reason
          title={text('operations.skipEvent', { position: skipped.position })}
          help={text('operations.skipHelp')}
          action={text('operations.skip')}
          danger
          onClose={() => setSkipped(null)}
          onSaid={(reason) => {
            void ask(skipped, 'skip', { position: skipped.position, reason });
            setSkipped(null);
          }}
        />
      )}
    </div>
  );
}
