/** The first few of a list that waits for somebody, with the way to all of them. */
import { useQuery } from '@tanstack/react-query';
import { Card, Typography } from 'antd';
import { useKnown } from '../../api/catalogue';
import { request } from '../../api/client';
import type { Kind, ListPage, Row } from '../../api/shapes';
import { usePreferences, useText } from '../../app/preferences';
import { Link } from '../../app/route';
import { Failed, Loading } from '../../app/states';
import { Value } from '../../values/Value';
import { summaryFields } from '../../values/summary';
import { WAITING } from './useLive';

const SHOWN = 5;

interface WaitingProps {
  kind: Kind;
  title: string;
  asked: string;
  /** What is said where there is none: when there would be one. */
  none: string;
}

export function Waiting({ kind, title, asked, none }: WaitingProps) {
  const text = useText();
  const { language } = usePreferences();
  const address = kind.address ?? '';
  const found = useQuery({
    queryKey: [WAITING, kind.name, asked, language],
    queryFn: () =>
      request<ListPage>(`${address}?${asked}&limit=${SHOWN}&count=capped&expand=names`),
  });
  const count = found.data?.count ?? 0;
  return (
    <Card
      size="small"
      title={count > 0 ? `${title} (${count})` : title}
      extra={<Link to={`${address}?${asked}`}>{text('home.all')}</Link>}
    >
      {found.isPending && <Loading />}
      {found.error !== null && <Failed error={found.error} again={() => void found.refetch()} />}
      {found.data?.data.length === 0 && <Typography.Text type="secondary">{none}</Typography.Text>}
      <ul className="waiting">
        {found.data?.data.map((row) => (
          <li key={String(row.id)}>
            <Summary kind={kind} row={row} page={found.data} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Summary({ kind, row, page }: { kind: Kind; row: Row; page: ListPage }) {
  const known = useKnown();
  const [first, ...others] = summaryFields(kind);
  const title = String((first === undefined ? undefined : row[first.name]) ?? row.id);
  return (
    <>
      <span className="grow">
        <Link to={`${kind.address ?? ''}/${encodeURIComponent(String(row.id))}`}>
          {known.command(title)?.label ?? title}
        </Link>
      </span>
      {others.map((field) => (
        <Typography.Text key={field.name} type="secondary">
          <Value field={field} row={row} names={page.names} />
        </Typography.Text>
      ))}
    </>
  );
}
