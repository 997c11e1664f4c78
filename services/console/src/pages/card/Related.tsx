/** What refers to the thing: of each list that can be filtered by it, how many rows there are. */
import { useQueries } from '@tanstack/react-query';
import { Typography } from 'antd';
import { useKnown } from '../../api/catalogue';
import { request } from '../../api/client';
import type { Kind, ListPage } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { asOf, Link, useMoment } from '../../app/route';
import { Loading, Nothing } from '../../app/states';

export function Related({ kind, id }: { kind: Kind; id: string }) {
  const text = useText();
  const known = useKnown();
  const moment = useMoment();
  const lists = known.referringTo(kind.name).map((one) => {
    const query = new URLSearchParams({ [one.field.name]: id });
    return { ...one, to: `${one.kind.address ?? ''}?${query.toString()}` };
  });
  const found = useQueries({
    queries: lists.map(({ to }) => ({
      queryKey: ['related', to, moment],
      queryFn: () => request<ListPage>(asOf(`${to}&limit=1&fields=id&count=capped`, moment)),
    })),
  });
  if (found.some((one) => one.isPending)) return <Loading />;
  const shown = lists
    .map((one, index) => ({ ...one, page: found[index]?.data }))
    .filter((one) => (one.page?.count ?? 0) > 0);
  if (shown.length === 0) return <Nothing>{text('card.noRelated')}</Nothing>;
  return (
    <ul className="waiting" style={{ maxWidth: 620 }}>
      {shown.map(({ kind: other, field, to, page }) => (
        <li key={to}>
          <span className="grow">
            <Link to={to}>{other.plural}</Link>{' '}
            <Typography.Text type="secondary">{field.label}</Typography.Text>
          </span>
          {page?.count}
          {page?.capped === true && '+'}
        </li>
      ))}
    </ul>
  );
}
