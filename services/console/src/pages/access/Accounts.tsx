/** Accounts with their roles, and how far each role reaches. */
import { Table, Tag, Typography } from 'antd';
import { useKnown } from '../../api/catalogue';
import type { Row } from '../../api/shapes';
import { useText, type Translate } from '../../app/preferences';
import { asOf, Link, useMoment } from '../../app/route';
import { Failed, Loading } from '../../app/states';
import { isTextName } from '../../texts';
import { More } from '../card/More';
import { usePages } from '../card/usePages';

interface Held {
  role: string;
  scope: Record<string, unknown>;
}

export function roleName(role: string, text: Translate): string {
  const name = `role.${role}`;
  return isTextName(name) ? text(name) : role;
}

/** Of what, in words: everything, one's own, or what is named. */
function reach({ scope }: Held, text: Translate): string {
  if (scope.everything === true) return text('access.everything');
  const named = ['departments', 'regions', 'dealers'].flatMap((one) => (scope[one] ?? []) as string[]);
  const own = scope.own === null || scope.own === undefined ? [] : [text('access.own')];
  return [...own, ...named].join(', ');
}

export function Accounts() {
  const text = useText();
  const known = useKnown();
  const address = known.kind('account')?.address ?? '';
  const found = usePages<Row>(asOf(`${address}?limit=100&sort=id`, useMoment()));
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Failed error={found.error} />;
  return (
    <>
      <Table<Row>
        rowKey={(row) => String(row.id)}
        size="small"
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={found.rows}
        columns={[
          {
            title: text('signIn.account'),
            render: (_, row) => (
              <Link to={known.cardOf('account', String(row.id)) ?? '/'}>{String(row.id)}</Link>
            ),
          },
          {
            title: text('access.roles'),
            render: (_, row) =>
              ((row.roles ?? []) as Held[]).map((one) => (
                <Tag key={`${one.role} ${JSON.stringify(one.scope)}`}>
                  {roleName(one.role, text)} · {reach(one, text)}
                </Tag>
              )),
          },
          {
            title: text('access.closed'),
            render: (_, row) =>
              row.closed === null ? null : <Typography.Text type="danger">{text('value.yes')}</Typography.Text>,
          },
        ]}
      />
      <More found={found} />
    </>
  );
}
