/** Names a mail address, a webhook or the robot of a chat; the secret of a webhook is shown once. */
import { Alert, Form, Input, Modal, Segmented } from 'antd';
import { useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/client';
import type { MadeDestination } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { useAttempt } from '../../app/useAttempt';

const CHANNELS = ['mail', 'webhook', 'wecom', 'dingtalk', 'feishu'] as const;
export type Channel = (typeof CHANNELS)[number];
const SIGNED: Channel[] = ['dingtalk', 'feishu'];

interface NewDestinationProps {
  onClose: () => void;
  onSecret: (secret: string) => void;
}

export function NewDestination({ onClose, onSecret }: NewDestinationProps) {
  const text = useText();
  const queries = useQueryClient();
  const [form] = Form.useForm<{ address: string; secret?: string }>();
  const [channel, setChannel] = useState<Channel>('mail');
  const { busy, problem, attempt } = useAttempt();
  const make = ({ address, secret }: { address: string; secret?: string }) =>
    attempt(async () => {
      const body = { channel, address: address.trim(), ...(secret ? { secret } : {}) };
      const made = await request<MadeDestination>('/destinations', { method: 'POST', body });
      await queries.invalidateQueries({ queryKey: ['destinations'] });
      if (made.secret != null) onSecret(made.secret);
      onClose();
    });
  return (
    <Modal
      open
      title={text('destinations.add')}
      okText={text('destinations.make')}
      confirmLoading={busy}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Segmented
        aria-label={text('destinations.channel')}
        value={channel}
        options={CHANNELS.map((one) => ({ value: one, label: text(`channel.${one}`) }))}
        onChange={setChannel}
        style={{ marginBottom: 12, maxWidth: '100%', overflowX: 'auto' }}
      />
      <Form form={form} layout="vertical" onFinish={(filled) => void make(filled)}>
        <Form.Item
          name="address"
          label={text('destinations.address')}
          extra={text(`channel.${channel}Help`)}
          rules={[{ required: true, whitespace: true, message: text('form.required', { name: text('destinations.address') }) }]}
        >
          <Input autoFocus placeholder={channel === 'mail' ? 'li@example.com' : 'https://'} maxLength={500} />
        </Form.Item>
        {SIGNED.includes(channel) && (
          <Form.Item name="secret" label={text('destinations.signing')}>
            <Input.Password autoComplete="off" maxLength={200} />
          </Form.Item>
        )}
      </Form>
      {problem !== null && <Alert type="error" showIcon title={problem.message} />}
    </Modal>
  );
}
