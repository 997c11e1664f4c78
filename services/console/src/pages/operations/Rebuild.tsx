/** A view made anew beside the one that answers: compared, switched in, dropped, or gone back from. */
import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Drawer, Popconfirm, Space, Typography } from 'antd';
import { useEffect } from 'react';
import type { Generations, Job } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Nothing } from '../../app/states';
import { JobProgress } from '../../jobs/JobProgress';
import { goesOn, useBegin, useJob } from '../../jobs/useJobs';
import { instant } from '../../values/format';
import { useManner } from '../../values/useManner';
import { Compared } from './Compared';

interface RebuildProps {
  title: string;
  view: Generations;
  /** The latest job that was about the view. */
  latest: Job | undefined;
  onClose: () => void;
}

const WIDTH = 820;

export function Rebuild({ title, view, latest, onClose }: RebuildProps) {
  const text = useText();
  const manner = useManner();
  const queries = useQueryClient();
  const { busy, problem, begin } = useBegin('rebuild');
  const job = useJob(latest?.id ?? null).data ?? latest;
  const ended = job?.ended_at;
  useEffect(() => {
    if (ended != null) void queries.invalidateQueries({ queryKey: ['generations'] });
  }, [ended, queries]);
  const going = job !== undefined && goesOn(job);
  const ask = (step: string) => void begin({ view: view.view, step });
  const made = view.being_made;
  const compared = job?.asked.step === 'compare' && job.rebuild != null && made != null ? job.rebuild : undefined;
  return (
    <Drawer open title={title} size={WIDTH} onClose={onClose}>
      <div className="stack">
        <Typography.Text type="secondary">
          {text('rebuild.answers', { n: view.generation })}
          {view.previous != null && ` ${text('rebuild.before', { n: view.previous })}`}
          {made != null && ` ${text('rebuild.beingMade', { n: made })}`}
        </Typography.Text>
        <Space wrap>
          <Button type={made == null ? 'primary' : 'default'} loading={busy || going} onClick={() => ask('compare')}>
            {text(made == null ? 'rebuild.compare' : 'rebuild.compareAgain')}
          </Button>
          {made != null && !going && (
            <>
              <Popconfirm title={text('rebuild.switchHelp')} onConfirm={() => ask('switch')} okText={text('rebuild.switch')}>
                <Button type="primary">{text('rebuild.switch')}</Button>
              </Popconfirm>
              <Button danger onClick={() => ask('discard')}>
                {text('rebuild.discard')}
              </Button>
            </>
          )}
          {view.previous != null && !going && (
            <Popconfirm title={text('rebuild.backHelp')} onConfirm={() => ask('roll-back')} okText={text('rebuild.back')}>
              <Button>{text('rebuild.back')}</Button>
            </Popconfirm>
          )}
        </Space>
        {problem !== null && <Alert type="error" showIcon title={problem.message} />}
        {job === undefined && <Nothing>{text('rebuild.help')}</Nothing>}
        {job !== undefined && <JobProgress job={job} words={text('rebuild.filling')} />}
        {compared !== undefined && <Compared view={view.view} outcome={compared} />}
        {job !== undefined && job.state === 'done' && compared === undefined && (
          <Alert type="success" showIcon title={text(`rebuild.done.${String(job.asked.step)}` as 'rebuild.done.switch')} />
        )}
        {job !== undefined && !going && (
          <Typography.Text type="secondary">{text('job.asked', { by: job.by, at: instant(job.asked_at, manner) })}</Typography.Text>
        )}
      </div>
    </Drawer>
  );
}
