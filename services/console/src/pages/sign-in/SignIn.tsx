/** The first page: one click into the demo company, else an account and its password. */
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Card, Divider, Form, Input, Typography } from 'antd';
import { useState } from 'react';
import { Problem } from '../../api/client';
import { demoPeople, signIn, signInAs } from '../../api/session';
import type { CurrentSession, DemoPerson } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { DisplayButtons } from '../../app/ReaderMenu';
import { DemoPeople } from './DemoPeople';

interface SignInProps {
  onEntered: (session: CurrentSession) => void;
}

function wordsOf(error: unknown, otherwise: string): string {
  return error instanceof Problem && error.status > 0 ? error.message : otherwise;
}

export function SignIn({ onEntered }: SignInProps) {
  const text = useText();
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const demo = useQuery({ queryKey: ['demo'], queryFn: demoPeople, retry: false });
  const people: DemoPerson[] = demo.data ?? [];

  const enter = async (by: () => Promise<CurrentSession>) => {
    setBusy(true);
    setRefusal(null);
    try {
      onEntered(await by());
    } catch (error) {
      setRefusal(wordsOf(error, text('problem.offline')));
    } finally {
      setBusy(false);
    }
  };

  return (
    <main className="sign-in">
      <Card className="sign-in-box">
        <div className="bar">
          <div className="brand grow">
            <img src="/console/icon.svg" alt="" />
            <Typography.Title level={1} style={{ margin: 0, fontSize: 20 }}>
              Distributary
            </Typography.Title>
          </div>
          <DisplayButtons />
        </div>
        {refusal !== null && <Alert type="error" showIcon title={refusal} role="alert" />}
        {people.length > 0 && (
          <>
            <DemoPeople
              people={people}
              busy={busy}
              onChosen={(account) => void enter(() => signInAs(account))}
            />
            <Divider titlePlacement="start" plain>
              {text('signIn.other')}
            </Divider>
          </>
        )}
        <Form
          layout="vertical"
          requiredMark={false}
          style={{ maxWidth: 340 }}
          onFinish={({ account, password }: { account: string; password: string }) =>
            void enter(() => signIn(account, password))
          }
        >
          <Form.Item
            name="account"
            label={text('signIn.account')}
            rules={[{ required: true, message: text('signIn.missing') }]}
          >
            <Input autoComplete="username" />
          </Form.Item>
          <Form.Item
            name="password"
            label={text('signIn.password')}
            rules={[{ required: true, message: text('signIn.missing') }]}
          >
            <Input.Password autoComplete="current-password" />
          </Form.Item>
          <Button htmlType="submit" type={people.length > 0 ? 'default' : 'primary'} loading={busy}>
            {text('signIn.title')}
          </Button>
        </Form>
      </Card>
    </main>
  );
}
