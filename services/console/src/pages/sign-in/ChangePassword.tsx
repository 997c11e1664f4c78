/** A one-time password is good for its own change alone. */
import { Alert, Button, Card, Form, Input, Typography } from 'antd';
import { useState } from 'react';
import { Problem } from '../../api/client';
import { changePassword } from '../../api/session';
import { useText } from '../../app/preferences';

export function ChangePassword({ onChanged }: { onChanged: () => void }) {
  const text = useText();
  const [refusal, setRefusal] = useState<string | null>(null);
  const send = async ({ old, chosen }: { old: string; chosen: string }) => {
    try {
      await changePassword(old, chosen);
      onChanged();
    } catch (error) {
      const problem = error instanceof Problem ? error : null;
      const faults = problem?.faults.map((one) => one.message) ?? [];
      setRefusal(faults[0] ?? problem?.message ?? text('problem.offline'));
    }
  };
  const rules = [{ required: true, message: text('signIn.missing') }];
  return (
    <main className="sign-in">
      <Card style={{ width: 'min(100%, 420px)' }}>
        <Typography.Title level={1} style={{ fontSize: 20, marginTop: 0 }}>
          {text('password.title')}
        </Typography.Title>
        <Typography.Paragraph>{text('password.help')}</Typography.Paragraph>
        {refusal !== null && <Alert type="error" showIcon title={refusal} role="alert" />}
        <Form layout="vertical" requiredMark={false} onFinish={(filled) => void send(filled)}>
          <Form.Item name="old" label={text('password.old')} rules={rules}>
            <Input.Password autoComplete="current-password" />
          </Form.Item>
          <Form.Item name="chosen" label={text('password.new')} rules={rules}>
            <Input.Password autoComplete="new-password" />
          </Form.Item>
          <Button type="primary" htmlType="submit">
            {text('password.change')}
          </Button>
        </Form>
      </Card>
    </main>
  );
}
