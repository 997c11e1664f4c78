/** What waits for the reader, as it happens; and what this console is, in three sentences. */
import { Badge, Card, Typography } from 'antd';
import { useKnown } from '../../api/catalogue';
import type { CurrentSession } from '../../api/shapes';
import { OWN_PAGES } from '../../app/ownPages';
import { useText } from '../../app/preferences';
import { Link } from '../../app/route';
import { Month } from './Month';
import { Notices } from './Notices';
import { useLive } from './useLive';
import { Waiting } from './Waiting';

export function Home({ session }: { session: CurrentSession }) {
  const text = useText();
  const known = useKnown();
  const live = useLive();
  const approvals = known.kind('approval');
  const requests = known.kind('request');
  const tasks = known.kind('task');
  const results = known.figure('results');
  return (
    <div className="page">
      <div className="page-head">
        <Typography.Title level={1}>{text('home.hello', { name: session.account })}</Typography.Title>
        <span className="grow" />
        <Badge
          status={live ? 'success' : 'default'}
          text={text(live ? 'home.live' : 'home.liveLost')}
        />
      </div>
      <Typography.Paragraph style={{ maxWidth: 860 }}>
        {[text('home.about1'), text('home.about2'), text('home.about3')].join(text('home.blank'))}
      </Typography.Paragraph>
      {results !== undefined && <Month figure={results} />}
      <Card size="small" title={text('app.overviews')} style={{ marginBottom: 16 }}>
        <div className="glance">
          {OWN_PAGES.filter((one) => one.fits(known)).map(({ path, title, icon }) => (
            <span key={path}>
              {icon} <Link to={path}>{text(title)}</Link>
            </span>
          ))}
        </div>
      </Card>
      <div className="cards">
        <Notices />
        {approvals !== undefined && (
          <Waiting kind={approvals} title={text('home.approvals')} asked="waiting=me" />
        )}
        {requests !== undefined && (
          <Waiting kind={requests} title={text('home.requests')} asked="waiting=me" />
        )}
        {tasks !== undefined && (
          <Waiting kind={tasks} title={text('home.tasks')} asked="owner=me&status=open&sort=due" />
        )}
      </div>
    </div>
  );
}
