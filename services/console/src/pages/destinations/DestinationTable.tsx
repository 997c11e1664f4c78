/** Destinations with how they are, and what can be done with each. */
import { App, Button, Dropdown, Input, Space, Tag, Tooltip } from 'antd';
import { DownOutlined } from '@ant-design/icons';
import { useState } from 'react';
import type { Destination, MadeDestination } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { FileTable } from '../../tables/FileTable';
import { instant } from '../../values/format';
import { useManner } from '../../values/useManner';
import type { Channel } from './NewDestination';
import { useAsk } from './useAsk';

interface DestinationTableProps {
  destinations: Destination[];
  onSecret: (secret: string) => void;
  onOpen: (id: string) => void;
}

export function DestinationTable({ destinations, onSecret, onOpen }: DestinationTableProps) {
  const text = useText();
  const manner = useManner();
  return (
    <FileTable<Destination>
      file="destinations"
      rowKey="id"
      dataSource={destinations}
      columns={[
        { title: text('destinations.address'), render: (_, one) => <span className="mono">{one.address}</span> },
        { title: text('destinations.channel'), render: (_, one) => text(`channel.${one.channel as Channel}`) },
        { title: text('operations.state'), render: (_, one) => <State one={one} /> },
        { title: text('destinations.since'), render: (_, one) => instant(one.created_at, manner) },
        { key: 'do', render: (_, one) => <Doings one={one} onSecret={onSecret} onOpen={onOpen} /> },
      ]}
    />
  );
}

function State({ one }: { one: Destination }) {
  const text = useText();
  const manner = useManner();
  if (!one.confirmed) return <Code one={one} />;
  if (one.error == null) return <Tag color="success">{text('destinations.well')}</Tag>;
  const until = one.paused_until == null ? '' : instant(one.paused_until, manner);
  return (
    <Tooltip title={one.error}>
      <Tag color="error">{text('destinations.failing', { n: one.failures })}</Tag>
      <span className="small">{until !== '' && text('destinations.again', { until })}</span>
    </Tooltip>
  );
}

/** A mail address is sent nothing before its reader has given the code. */
function Code({ one }: { one: Destination }) {
  const text = useText();
  const { busy, ask } = useAsk();
  const { message } = App.useApp();
  const [code, setCode] = useState('');
  const another = async () => {
    if ((await ask(`/destinations/${one.id}/code`)) !== null) void message.success(text('destinations.codeMailed'));
  };
  return (
    <Space wrap>
      <Tag color="warning">{text('destinations.unconfirmed')}</Tag>
      <Input
        aria-label={text('destinations.code')}
        placeholder={text('destinations.code')}
        value={code}
        maxLength={40}
        style={{ width: 140 }}
        onChange={(event) => setCode(event.target.value)}
      />
      <Button
        type="primary"
        disabled={code.trim() === ''}
        loading={busy}
        onClick={() => void ask(`/destinations/${one.id}/confirm`, { code: code.trim() })}
      >
        {text('destinations.confirm')}
      </Button>
      <Button type="link" onClick={() => void another()}>
        {text('destinations.another')}
      </Button>
    </Space>
  );
}

interface DoingsProps {
  one: Destination;
  onSecret: (secret: string) => void;
  onOpen: (id: string) => void;
}

function Doings({ one, onSecret, onOpen }: DoingsProps) {
  const text = useText();
  const { busy, ask } = useAsk();
  const { message, modal } = App.useApp();
  const path = `/destinations/${one.id}`;
  const test = async () => {
    const told = await ask<{ sent: boolean; error: string | null }>(`${path}/test`);
    if (told === null) return;
    if (told.sent) void message.success(text('destinations.tested'));
    else void message.error(told.error ?? '');
  };
  const renew = async () => {
    const made = await ask<MadeDestination>(`${path}/secret`);
    if (made?.secret != null) onSecret(made.secret);
  };
  const sure = (what: 'renew' | 'end', then: () => unknown) =>
    modal.confirm({ title: text(`destinations.${what}`), content: text(`destinations.${what}Help`), okText: text(`destinations.${what}`), onOk: () => void then() });
  const items = [
    ...(one.channel === 'webhook' ? [{ key: 'renew', label: text('destinations.renew') }] : []),
    { key: 'end', label: text('destinations.end'), danger: true },
  ];
  return (
    <Space wrap>
      <Button size="small" loading={busy} disabled={!one.confirmed} onClick={() => void test()}>
        {text('destinations.test')}
      </Button>
      <Button size="small" onClick={() => onOpen(one.id)}>
        {text('destinations.deliveries')}
      </Button>
      <Dropdown
        trigger={['click']}
        menu={{
          items,
          onClick: ({ key }) => (key === 'renew' ? sure('renew', renew) : sure('end', () => ask(path, undefined, 'DELETE'))),
        }}
      >
        <Button size="small" aria-label={text('card.actions')} icon={<DownOutlined />} />
      </Dropdown>
    </Space>
  );
}
