/** Why a figure is what it is: the events behind it, whose changes sum to it. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { Alert, Typography } from 'antd';
import { useKnown } from '../../api/catalogue';
import { request, withQuery } from '../../api/client';
import type { Field, Figure, WhyPage as Page, WhyRow } from '../../api/shapes';
import { usePreferences, useText } from '../../app/preferences';
import { Link, usePlace } from '../../app/route';
import { Failed, Loading, Stale } from '../../app/states';
import { ExportButton } from '../../tables/ExportButton';
import { More } from '../../tables/More';
import { PlainTable } from '../../tables/PlainTable';
import { format, instant } from '../../values/format';
import { StreamLink } from '../../values/StreamLink';
import { useManner } from '../../values/useManner';

export default function WhyPage({ figure }: { figure: Figure }) {
  const { language } = usePreferences();
  const { search } = usePlace();
  const field = useKnown().measure(figure, search.get('measure'));
  const found = useInfiniteQuery({
    queryKey: ['why', figure.name, search.toString(), language],
    queryFn: ({ pageParam, signal }) => request<Page>(pageParam, { signal }),
    initialPageParam: withQuery(figure.why, search),
    getNextPageParam: (last) => last.next ?? undefined,
  });
  if (field === undefined) return <Failed error={figure.label} />;
  if (found.isPending) return <Loading />;
  if (found.error !== null) {
    return <Failed error={found.error} again={() => void found.refetch()} />;
  }
  const [first] = found.data.pages;
  return (
    <div className="page">
      <Link to={`/figures/${figure.name}`}>{figure.label}</Link>
      <div className="page-head">
        <Typography.Title level={1}>{field.label}</Typography.Title>
        {first !== undefined && <Stale freshness={first.freshness} />}
        <span className="grow" />
        <ExportButton address={withQuery(figure.why, search)} />
      </div>
      <Proof field={field} pages={found.data.pages} currency={search.get('currency') ?? undefined} />
      <Rows field={field} pages={found.data.pages} currency={search.get('currency') ?? undefined} />
      <div className="bar" style={{ marginTop: 12 }}>
        <More found={found} />
      </div>
    </div>
  );
}

interface Shown {
  field: Field;
  pages: Page[];
  currency: string | undefined;
}

function Proof({ field, pages, currency }: Shown) {
  const text = useText();
  const manner = useManner();
  const figure = pages[0]?.figure ?? {};
  const rows = pages.flatMap((page) => page.rows);
  const sum = rows.reduce((sofar, row) => sofar + (row.change[field.name] ?? 0), 0);
  const [n, total] = [figure.rows ?? rows.length, figure[field.name] ?? 0];
  const shown = format(sum, field, manner, currency);
  const whole = text('why.sum', { n, value: format(total, field, manner, currency) });
  if (pages.at(-1)?.next !== null) {
    return <Alert type="info" title={whole} description={text('why.shown', { n: rows.length, value: shown })} />;
  }
  return sum === total ? (
    <Alert type="success" showIcon title={whole} description={text('why.proved')} />
  ) : (
    <Alert type="error" showIcon title={text('why.differs', { value: shown })} />
  );
}

function Rows({ field, pages, currency }: Shown) {
  const text = useText();
  const known = useKnown();
  const manner = useManner();
  return (
    <PlainTable<WhyRow>
      rowKey={(row) => `${String(row.position)}:${String(row.line)}`}
      dataSource={pages.flatMap((page) => page.rows)}
      style={{ marginTop: 12 }}
      columns={[
        {
          title: text('card.event'),
          render: (_, row) => (
            <Link to={`/events/${String(row.position)}`}>
              {known.event(row.type)?.label ?? row.type}
            </Link>
          ),
        },
        { title: text('why.of'), render: (_, row) => <StreamLink stream={row.stream} /> },
        { title: text('event.occurred'), render: (_, row) => instant(row.occurred_at, manner) },
        { title: text('event.actor'), dataIndex: 'actor' },
        {
          title: `${text('why.change')}: ${field.label}`,
          className: 'number',
          render: (_, row) => format(row.change[field.name] ?? 0, field, manner, currency),
        },
      ]}
    />
  );
}
