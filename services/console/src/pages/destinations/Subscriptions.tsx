/** What the reader is told of, and where each of it is sent besides his inbox. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Card, Select } from 'antd';
import { useKnown } from '../../api/catalogue';
import { request } from '../../api/client';
import type { CurrentSession, Destination, Subscription } from '../../api/shapes';
import { usePreferences, useText } from '../../app/preferences';
import { SESSION } from '../../app/SessionGate';
import { Failed, Loading } from '../../app/states';
import { FileTable } from '../../tables/FileTable';
import { useCommand } from '../form/useCommand';

const INBOX = '';

export function Subscriptions({ destinations }: { destinations: Destination[] }) {
  const text = useText();
  const known = useKnown();
  const { language } = usePreferences();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const begin = useCommand(known.command('subscribe'));
  const change = useCommand(known.command('change-subscription'));
  const found = useQuery({
    queryKey: ['destinations', 'subscriptions', language],
    queryFn: async () => (await request<{ data: Subscription[] }>('/subscriptions')).data.filter((one) => one.subscribed),
  });
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Failed error={found.error} />;
  const account = queries.getQueryData<CurrentSession>(SESSION)?.account;
  const choices = [
    { value: INBOX, label: text('destinations.inbox') },
    ...destinations.map((one) => ({ value: one.id, label: one.address })),
  ];
  const send = async (one: Subscription, to: string) => {
    const body = { id: account, name: one.name, destination: to === INBOX ? null : to };
    // What is offered to everybody is asked for by whoever wants it elsewhere; it has a language from then on.
    const { problem } = one.language == null ? await begin.send({ ...body, language }, '*') : await change.send(body, '*');
    if (problem !== null) void message.error(problem.message);
  };
  return (
    <Card size="small" title={text('destinations.subscriptions')} styles={{ body: { padding: 0 } }}>
      <FileTable<Subscription>
        file="subscriptions"
        rowKey="name"
        dataSource={found.data}
        columns={[
          { title: text('destinations.told'), dataIndex: 'label' },
          {
            title: text('destinations.events'),
            render: (_, one) => one.events.map((name) => known.event(name)?.label ?? name).join(', '),
          },
          {
            title: text('destinations.sentTo'),
            render: (_, one) => (
              <Select
                aria-label={`${text('destinations.sentTo')} ${one.label}`}
                value={one.destination ?? INBOX}
                options={choices}
                loading={begin.busy || change.busy}
                style={{ width: '100%', minWidth: 140, maxWidth: 260 }}
                onChange={(to) => void send(one, to)}
              />
            ),
          },
        ]}
      />
    </Card>
  );
}
