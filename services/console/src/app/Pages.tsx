/** Which page an address means. Each page is loaded as it is first needed. */
import { Result } from 'antd';
import { lazy, Suspense } from 'react';
import { useKnown } from '../api/catalogue';
import type { CurrentSession } from '../api/shapes';
import { Home } from '../pages/home/Home';
import { OWN_PAGES } from './ownPages';
import { useText } from './preferences';
import { usePlace } from './route';
import { Loading } from './states';

const ListPage = lazy(() => import('../pages/list/ListPage'));
const CardPage = lazy(() => import('../pages/card/CardPage'));
const FormPage = lazy(() => import('../pages/form/FormPage'));
const FigurePage = lazy(() => import('../pages/figure/FigurePage'));
const WhyPage = lazy(() => import('../pages/figure/WhyPage'));
const EventPage = lazy(() => import('../pages/event/EventPage'));

export function Pages({ session }: { session: CurrentSession }) {
  return (
    <Suspense fallback={<Loading />}>
      <Chosen session={session} />
    </Suspense>
  );
}

function Chosen({ session }: { session: CurrentSession }) {
  const known = useKnown();
  const { path } = usePlace();
  const [first = '', second, third] = path.split('/').slice(1).map(decodeURIComponent);
  if (first === '') return <Home session={session} />;
  const own = OWN_PAGES.find((one) => one.path === `/${first}`);
  if (own !== undefined) return own.fits(known) ? <own.Page /> : <NoPage />;
  if (first === 'figures' && second !== undefined) {
    const figure = known.figure(second);
    if (figure === undefined) return <NoPage />;
    if (third === 'why') return <WhyPage key={path} figure={figure} />;
    return <FigurePage key={path} figure={figure} />;
  }
  if (first === 'commands' && second !== undefined) {
    const command = known.command(second);
    return command === undefined ? <NoPage /> : <FormPage key={path} command={command} />;
  }
  if (first === 'events' && second !== undefined) return <EventPage position={second} />;
  const kind = known.kindOfList(first);
  if (kind === undefined) return <NoPage />;
  if (second === undefined) return <ListPage key={path} kind={kind} />;
  return <CardPage key={path} kind={kind} id={second} />;
}

function NoPage() {
  const text = useText();
  return <Result status="404" title={text('app.notFound')} subTitle={text('app.notFoundHelp')} />;
}
