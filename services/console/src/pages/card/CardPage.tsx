/** One thing: what it is, what it belongs to, how it came to be, and what may be done next. */
import { useQuery } from '@tanstack/react-query';
import { Tabs, Typography } from 'antd';
import { lazy, Suspense } from 'react';
import { useKnown } from '../../api/catalogue';
import { request, withOwnWrites } from '../../api/client';
import type { Kind, Thing } from '../../api/shapes';
import { usePreferences, useText } from '../../app/preferences';
import { asOf, go, Link, useMoment, usePlace } from '../../app/route';
import { Failed, Loading, Stale } from '../../app/states';
import { CommandButtons } from '../../values/Commands';
import { titleOf } from '../../values/summary';
import { Value } from '../../values/Value';
import { BeginMenu } from './BeginMenu';
import { Figures, figuresOf } from './Figures';
import { Files } from './Files';
import { History } from './History';
import { Overview } from './Overview';
import { Related } from './Related';
import { tabsOf } from './sections';
import { Timeline } from './Timeline';

/** Apart, because calendars are large. */
const Compare = lazy(() => import('./Compare'));

interface CardPageProps {
  kind: Kind;
  id: string;
}

export default function CardPage({ kind, id }: CardPageProps) {
  const text = useText();
  const known = useKnown();
  const { language } = usePreferences();
  const { path, search } = usePlace();
  const address = known.cardOf(kind.name, id) ?? '';
  const moment = useMoment();
  const asked = asOf(`${address}?expand=names`, moment);
  const found = useQuery({
    queryKey: ['card', asked, language],
    queryFn: ({ signal }) => request<Thing>(withOwnWrites(asked), { signal }),
  });
  if (found.isPending) return <Loading />;
  if (found.error !== null) {
    return <Failed error={found.error} again={() => void found.refetch()} />;
  }
  const thing = found.data;
  const title = titleOf(thing.data);
  const status = kind.fields?.find((one) => one.name === 'status');
  const next = (thing.next ?? []).map(({ command, label, amends }) => ({
    name: command,
    label,
    amends,
    to: `/commands/${command}?id=${encodeURIComponent(id)}&version=${String(thing.data.version)}`,
  }));
  const own = tabsOf(kind, thing).map(({ key, title: label, Tab }) => ({
    key,
    label: text(label),
    children: (
      <Suspense fallback={<Loading />}>
        <Tab kind={kind} thing={thing} />
      </Suspense>
    ),
  }));
  const tabs = [
    ...own,
    { key: 'overview', label: text('card.overview'), children: <Overview kind={kind} thing={thing} /> },
    { key: 'history', label: text('card.history'), children: <History kind={kind} address={address} /> },
    {
      key: 'compare',
      label: text('card.compare'),
      children: <Compare kind={kind} address={address} last={Number(thing.data.version)} />,
    },
    { key: 'timeline', label: text('card.timeline'), children: <Timeline address={address} /> },
    { key: 'figures', label: text('card.figures'), children: <Figures kind={kind} id={id} /> },
    { key: 'related', label: text('card.related'), children: <Related kind={kind} id={id} /> },
    { key: 'files', label: text('card.files'), children: <Files kind={kind} id={id} address={address} /> },
  ]
    .filter((one) => one.key !== 'figures' || figuresOf(known, kind).length > 0)
    .filter((one) => one.key !== 'files' || kind.files === true);
  return (
    <div className="page">
      <Link to={kind.address ?? '/'}>{kind.plural}</Link>
      <div className="page-head">
        <Typography.Title level={1}>{title}</Typography.Title>
        {title !== id && <Typography.Text type="secondary">{id}</Typography.Text>}
        {status !== undefined && <Value field={status} row={thing.data} />}
        <Stale freshness={thing.freshness} />
        <span className="grow" />
        <div className="actions">
          <CommandButtons choices={next} />
          <BeginMenu kind={kind} row={thing.data} />
        </div>
      </div>
      <Tabs
        activeKey={search.get('tab') ?? tabs[0]?.key}
        onChange={(tab) => go(`${path}?tab=${tab}`, { replace: true })}
        items={tabs}
        destroyOnHidden
      />
    </div>
  );
}
