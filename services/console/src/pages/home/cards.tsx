/** What may stand on the first page: for whoever may see it, what waits before what is only looked at. */
import { Card, Typography } from 'antd';
import type { ReactNode } from 'react';
import { useKnown, type Known } from '../../api/catalogue';
import { OWN_PAGES } from '../../app/ownPages';
import type { Own } from '../../app/own';
import { useText, type Translate } from '../../app/preferences';
import { Link } from '../../app/route';
import { Notices } from './Notices';
import { Results } from './Results';
import { Waiting } from './Waiting';

export interface HomeCard {
  name: string;
  title: string;
  /** Over the whole width. */
  wide?: boolean;
  content: ReactNode;
}

const WAITING = [
  { name: 'approvals', kind: 'approval', asked: 'waiting=me' },
  { name: 'requests', kind: 'request', asked: 'waiting=me' },
  { name: 'tasks', kind: 'task', asked: 'owner=me&status=open&sort=due' },
] as const;

const PERIODS = [
  { name: 'today', unit: 'day' },
  { name: 'month', unit: 'month' },
] as const;

function waitingFor(known: Known, text: Translate): HomeCard[] {
  return WAITING.flatMap(({ name, kind: of, asked }) => {
    const kind = known.kind(of);
    if (kind === undefined || !known.hasList(of)) return [];
    const title = text(`home.${name}`);
    const none = text(`home.${name}None`);
    return [{ name, title, content: <Waiting kind={kind} title={title} asked={asked} none={none} /> }];
  });
}

/** Each list that the reader keeps under a name may be looked at from here. */
function viewsKept(known: Known, text: Translate, views: Own['views'] = {}): HomeCard[] {
  return known.all.kinds
    .filter((kind) => known.hasList(kind.name))
    .flatMap((kind) =>
      (views[kind.name] ?? []).map((view) => {
        const title = `${kind.label}: ${view.name}`;
        const content = <Waiting kind={kind} title={title} asked={view.query} none={text('list.empty')} />;
        return { name: `view ${kind.name} ${view.name}`, title, content };
      }),
    );
}

export function cardsFor(known: Known, text: Translate, views: Own['views']): HomeCard[] {
  const results = known.figure('results');
  return [
    ...waitingFor(known, text),
    { name: 'notices', title: text('home.notices'), content: <Notices /> },
    ...PERIODS.flatMap(({ name, unit }): HomeCard[] => {
      const title = text(`period.${name}`);
      const content = results && <Results figure={results} unit={unit} title={title} />;
      return content === undefined ? [] : [{ name, title, wide: true, content }];
    }),
    ...viewsKept(known, text, views),
    { name: 'pages', title: text('app.overviews'), wide: true, content: <PagesCard /> },
    { name: 'about', title: text('home.about'), wide: true, content: <AboutCard /> },
  ];
}

function PagesCard() {
  const text = useText();
  const known = useKnown();
  return (
    <Card size="small" title={text('app.overviews')}>
      <div className="glance">
        {OWN_PAGES.filter((one) => one.fits(known)).map(({ path, title, icon }) => (
          <span key={path}>
            {icon} <Link to={path}>{text(title)}</Link>
          </span>
        ))}
      </div>
    </Card>
  );
}

function AboutCard() {
  const text = useText();
  return (
    <Card size="small" title={text('home.about')}>
      <Typography.Paragraph style={{ maxWidth: 860, margin: 0 }}>
        {[text('home.about1'), text('home.about2'), text('home.about3')].join(text('home.blank'))}
      </Typography.Paragraph>
    </Card>
  );
}
