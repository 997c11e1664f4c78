/** What a page shows while there is nothing else to show. */
import { Alert, Button, Empty, Result, Spin, Tag, Tooltip } from 'antd';
import type { ReactNode } from 'react';
import { Problem } from '../api/client';
import type { Freshness } from '../api/shapes';
import { instant } from '../values/format';
import { useManner } from '../values/useManner';
import { useText } from './preferences';

export function Loading() {
  const text = useText();
  return (
    <div style={{ display: 'grid', placeItems: 'center', minHeight: 240 }} role="status" aria-label={text('app.loading')}>
      <Spin />
    </div>
  );
}

interface FailedProps {
  error: unknown;
  again?: () => void;
}

/** What went wrong in the server's own words, and what can be done about it. */
export function Failed({ error, again }: FailedProps) {
  const text = useText();
  const problem = error instanceof Problem ? error : new Problem(500, { detail: String(error) });
  const button = again !== undefined && <Button onClick={again}>{text('app.again')}</Button>;
  if (problem.status === 403) {
    const help = `${problem.message} ${text('problem.askOwner')}`;
    return <Result status="403" title={text('problem.forbidden')} subTitle={help} />;
  }
  if (problem.status === 404) {
    return <Result status="404" title={text('problem.hidden')} subTitle={problem.message} />;
  }
  const offline = problem.status === 0;
  const title = offline ? text('problem.offline') : problem.title || text('problem.other');
  const words = offline ? text('problem.offlineHelp') : problem.message;
  const faults = problem.faults.map((one) => one.message).filter((one) => one !== words);
  return (
    <Alert
      type="error"
      showIcon
      title={title}
      description={[words, ...faults].join(' ')}
      action={button}
      style={{ margin: 16 }}
    />
  );
}

export function Nothing({ children }: { children: ReactNode }) {
  return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={children} />;
}

/** Said only where it matters: of a moment in the past, or behind the log. */
export function Stale({ freshness }: { freshness: Freshness }) {
  const text = useText();
  const manner = useManner();
  if (freshness.as_of !== null) {
    return <Tag>{text('stale.asOf', { at: instant(freshness.as_of, manner) })}</Tag>;
  }
  if (freshness.lag_events === 0) return null;
  return (
    <Tooltip title={text('stale.help')}>
      <Tag color="orange">{text('stale.behind', { n: freshness.lag_events })}</Tag>
    </Tooltip>
  );
}
