/** Events one below the other, page by page: of one thing, or of all that mention it. */
import { Timeline as Steps, Typography } from 'antd';
import type { ReactNode } from 'react';
import { useKnown } from '../../api/catalogue';
import { asOf, Link, useMoment } from '../../app/route';
import { Failed, Loading } from '../../app/states';
import { More } from '../../tables/More';
import { usePages } from '../../tables/usePages';
import { instant } from '../../values/format';
import { useManner } from '../../values/useManner';

/** What any event of a trail tells. */
export interface Trailed {
  position: number;
  type: string;
  occurred_at: string;
}

interface TrailProps<T extends Trailed> {
  address: string;
  /** What follows the event's name, on its line. */
  said: (one: T) => ReactNode;
  children?: (one: T) => ReactNode;
}

export function Trail<T extends Trailed>({ address, said, children }: TrailProps<T>) {
  const known = useKnown();
  const manner = useManner();
  const found = usePages<T>(asOf(`${address}?limit=50`, useMoment()));
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Failed error={found.error} />;
  const items = found.rows.map((one) => ({
    key: one.position,
    content: (
      <>
        <Link to={`/events/${String(one.position)}`}>
          {known.event(one.type)?.label ?? one.type}
        </Link>{' '}
        <Typography.Text type="secondary">
          {instant(one.occurred_at, manner)} · {said(one)}
        </Typography.Text>
        {children?.(one)}
      </>
    ),
  }));
  return (
    <>
      <Steps items={items} />
      <More found={found} />
    </>
  );
}
