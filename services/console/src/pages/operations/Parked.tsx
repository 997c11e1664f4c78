/** Streams whose events a view or a process could not take: tried again, or left out with a reason. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, Modal, Space } from 'antd';
import { useState } from 'react';
import { Problem, request } from '../../api/client';
import type { ParkedList } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Link } from '../../app/route';
import { Failed, Loading, Nothing } from '../../app/states';
import { PlainTable } from '../../tables/PlainTable';
import { StreamLink } from '../../values/StreamLink';

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

export function Parked() {
  const text = useText();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [skipped, setSkipped] = useState<Held | null>(null);
  const found = useQuery({ queryKey: ['parked'], queryFn: () => request<ParkedList>('/parked') });
  const ask = async (one: Held, what: string, body?: unknown) => {
    const path = `/parked/${one.reader}/${encodeURIComponent(one.stream)}/${what}`;
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
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Failed error={found.error} />;
  const rows = heldOf(found.data);
  if (rows.length === 0) return <Nothing>{text('operations.noneParked')}</Nothing>;
  return (
    <>
      <PlainTable
        rowKey={(one) => `${one.reader} ${one.stream}`}
        dataSource={rows}
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
      <Skip
        held={skipped}
        onClose={() => setSkipped(null)}
        onSkip={(one, reason) => void ask(one, 'skip', { position: one.position, reason })}
      />
    </>
  );
}

interface SkipProps {
  held: Held | null;
  onClose: () => void;
  onSkip: (one: Held, reason: string) => void;
}

function Skip({ held, onClose, onSkip }: SkipProps) {
  const text = useText();
  const [reason, setReason] = useState('');
  return (
    <Modal
      open={held !== null}
      title={text('operations.skipEvent', { position: held?.position ?? '' })}
      okText={text('operations.skip')}
      okButtonProps={{ danger: true, disabled: reason.trim() === '' }}
      onCancel={onClose}
      onOk={() => {
        if (held !== null) onSkip(held, reason.trim());
        setReason('');
        onClose();
      }}
    >
      <p>{text('operations.skipHelp')}</p>
      <Input
        aria-label={text('operations.reason')}
        placeholder={text('operations.reason')}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </Modal>
  );
}
