/** What somebody else sees and may do: of everything, or of one thing. */
import { useQuery } from '@tanstack/react-query';
import { Form, Select } from 'antd';
import { useKnown } from '../../api/catalogue';
import { request, withQuery } from '../../api/client';
import { useText } from '../../app/preferences';
import { go, usePlace } from '../../app/route';
import { Failed, Loading, Nothing } from '../../app/states';
import { ReferenceInput } from '../../values/ReferenceInput';
import { Areas } from './Areas';
import { OneThing } from './OneThing';
import type { Grant } from './rights';

interface Asked {
  account?: string;
  kind?: string;
  id?: string;
}

export function Tried() {
  const text = useText();
  const known = useKnown();
  const { path, search } = usePlace();
  const [account, kind, id] = ['account', 'kind', 'id'].map((one) => search.get(one) ?? undefined);
  const ask = (next: Asked) => {
    const said = Object.entries(next).filter(([, value]) => value !== undefined);
    go(withQuery(path, new URLSearchParams([['tab', 'tried'], ...(said as [string, string][])])), {
      replace: true,
    });
  };
  const kinds = known.all.kinds.filter((one) => typeof one.address === 'string');
  return (
    <>
      <Form layout="vertical" className="question" style={{ maxWidth: 860 }}>
        <Form.Item label={text('access.asWhom')}>
          <ReferenceInput
            kinds={['account']}
            value={account}
            label={text('access.asWhom')}
            onChange={(chosen) => ask({ account: chosen, kind, id })}
          />
        </Form.Item>
        <Form.Item label={text('access.ofKind')}>
          <Select
            allowClear
            value={kind}
            aria-label={text('access.ofKind')}
            placeholder={text('access.ofAll')}
            showSearch={{ optionFilterProp: 'label' }}
            options={kinds.map(({ name, label }) => ({ value: name, label }))}
            onChange={(chosen?: string) => ask({ account, kind: chosen })}
          />
        </Form.Item>
        {kind !== undefined && (
          <Form.Item label={known.kind(kind)?.label}>
            <ReferenceInput
              kinds={[kind]}
              value={id}
              label={known.kind(kind)?.label}
              onChange={(chosen) => ask({ account, kind, id: chosen })}
            />
          </Form.Item>
        )}
      </Form>
      {account === undefined ? (
        <Nothing>{text('access.chooseWhom')}</Nothing>
      ) : (
        <May account={account} kind={kind} id={id} />
      )}
    </>
  );
}

function May({ account, kind, id }: Asked & { account: string }) {
  const text = useText();
  const thing = useKnown().kind(kind ?? '');
  const asked = new URLSearchParams({ account });
  const isOne = thing !== undefined && id !== undefined;
  if (isOne) asked.set('stream', `${thing.name}-${id}`);
  const found = useQuery({
    queryKey: ['tried', asked.toString()],
    queryFn: async () => (await request<{ data: Grant[] }>(`/access/what?${asked.toString()}`)).data,
  });
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Failed error={found.error} />;
  if (isOne) return <OneThing kind={thing} grants={found.data} />;
  if (found.data.length === 0) return <Nothing>{text('access.mayNothing')}</Nothing>;
  return <Areas grants={found.data} />;
}
