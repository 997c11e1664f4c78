/** Accounts with their roles, and how far each role reaches. */
import { Tag, Typography } from 'antd';
import { useKnown } from '../../api/catalogue';
import type { Row } from '../../api/shapes';
import { useText, type Translate } from '../../app/preferences';
import { asOf, Link, useMoment } from '../../app/route';
import { PagedTable } from '../../tables/PagedTable';
import { named } from '../../values/format';

interface Held {
  role: string;
  scope: Record<string, unknown>;
}

/** Of what, in words: everything, one's own, or what is named. */
function reach({ scope }: Held, text: Translate): string {
  if (scope.everything === true) return text('access.everything');
  const parts = ['departments', 'regions', 'dealers'].flatMap((one) => (scope[one] ?? []) as string[]);
  const own = scope.own === null || scope.own === undefined ? [] : [text('access.own')];
  return [...own, ...parts].join(', ');
}

export function Accounts() {
  const text = useText();
  const known = useKnown();
  const address = known.kind('account')?.address ?? '';
  return (
    <PagedTable<Row>
      file="accounts"
      address={asOf(`${address}?limit=100&sort=id`, useMoment())}
      rowKey={(row) => String(row.id)}
      empty={text('list.none')}
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
                {named('role', one.role, text)} · {reach(one, text)}
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
  );
}
