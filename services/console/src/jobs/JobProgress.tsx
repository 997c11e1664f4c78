/** How far a job is; it goes on when the page is left. */
import { Alert, Button, Progress, Tag, Typography } from 'antd';
import type { Job } from '../api/shapes';
import { useText } from '../app/preferences';
import { goesOn, useCancel } from './useJobs';

const WHOLE = 100;
const COLORS = { done: 'success', failed: 'error', cancelled: 'default', waiting: 'processing', running: 'processing' };

function shareOf(job: Job): number {
  return job.total == null || job.total === 0 ? 0 : Math.floor((job.done / job.total) * WHOLE);
}

export function JobState({ job }: { job: Job }) {
  const text = useText();
  const share = job.state === 'running' ? ` ${String(shareOf(job))} %` : '';
  return <Tag color={COLORS[job.state]}>{`${text(`job.${job.state}`)}${share}`}</Tag>;
}

/** What is shown of a job that has brought about nothing yet, or nothing at all. */
export function JobProgress({ job, words }: { job: Job; words: string }) {
  const text = useText();
  const cancel = useCancel();
  if (job.state === 'failed') return <Alert type="error" showIcon title={job.error} />;
  if (job.state === 'cancelled') return <Alert type="warning" showIcon title={text('job.brokenOff')} />;
  if (!goesOn(job)) return null;
  return (
    <div className="job" role="status">
      <Progress percent={shareOf(job)} status="active" strokeColor="#0f766e" aria-label={words} />
      <div className="bar">
        <Typography.Text type="secondary">
          {job.state === 'waiting' ? text('job.waitsHelp') : words} {text('job.staysHelp')}
        </Typography.Text>
        <span className="grow" />
        <Button size="small" onClick={() => void cancel(job.id)}>
          {text('job.breakOff')}
        </Button>
      </div>
    </div>
  );
}
