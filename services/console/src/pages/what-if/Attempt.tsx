/** A job that decides a period anew: how far it is, and what each trial would have been. */
import { Card, Tabs, Typography } from 'antd';
import type { Job, TrialReport } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Failed, Loading } from '../../app/states';
import { goesOn, useJob } from '../../jobs/useJobs';
import { JobProgress } from '../../jobs/JobProgress';
import { instant } from '../../values/format';
import { useManner } from '../../values/useManner';
import { Beside } from './Beside';
import type { Known } from './Draft';
import { OtherRedemptions, PointsByDealer } from './Points';
import { OtherReservations } from './Reservations';
import { wordsOf } from './trial';

interface AttemptProps {
  id: string;
  settings: Known[];
}

export function Attempt({ id, settings }: AttemptProps) {
  const text = useText();
  const manner = useManner();
  const found = useJob(id);
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Failed error={found.error} again={() => void found.refetch()} />;
  const job = found.data;
  const trials = job.what_if?.trials ?? [];
  const named = (trial: TrialReport) => {
    const of = settings.find((one) => one.name === trial.id);
    return wordsOf(trial.values, of?.fields ?? [], manner);
  };
  return (
    <>
      <Card size="small" title={periodOf(job, manner)} aria-live="polite">
        <JobProgress job={job} words={text('whatIf.deciding')} />
        {trials.length > 0 && <Beside trials={trials} named={named} settings={settings} />}
        {!goesOn(job) && trials.length > 0 && (
          <Typography.Text type="secondary">{text('job.asked', { by: job.by, at: instant(job.asked_at, manner) })}</Typography.Text>
        )}
      </Card>
      {trials.length > 0 && (
        <Tabs
          destroyOnHidden
          items={trials.map((trial, at) => ({
            key: String(at),
            label: named(trial),
            children: <Details trial={trial} />,
          }))}
        />
      )}
    </>
  );
}

export function periodOf({ asked }: Job, manner: ReturnType<typeof useManner>): string {
  const day = new Intl.DateTimeFormat(manner.language, { dateStyle: 'medium', timeZone: manner.zone });
  const [since, until] = [asked.since, asked.until].map((one) => new Date(String(one)));
  return since === undefined || until === undefined ? '' : day.formatRange(since, new Date(until.getTime() - 1));
}

function Details({ trial: { points, reservations } }: { trial: TrialReport }) {
  return (
    <div className="stack">
      {points != null && (
        <>
          <PointsByDealer dealers={points.dealers} />
          <OtherRedemptions decisions={points.decisions} />
        </>
      )}
      {reservations != null && <OtherReservations reservations={reservations.reservations} />}
    </div>
  );
}
