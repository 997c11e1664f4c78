/** What was tried before: each attempt is kept, and found again after a reload. */
import { Card } from 'antd';
import type { Job } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { JobState } from '../../jobs/JobProgress';
import { useJobs } from '../../jobs/useJobs';
import { FileTable } from '../../tables/FileTable';
import { paged } from '../../tables/rows';
import { instant } from '../../values/format';
import { useManner } from '../../values/useManner';
import { periodOf } from './Attempt';
import type { Known } from './Draft';
import { wordsOf, type Trial } from './trial';

interface EarlierProps {
  settings: Known[];
  shown: string | null;
  onShow: (job: string) => void;
}

const ROWS = paged(10);

export function Earlier({ settings, shown, onShow }: EarlierProps) {
  const text = useText();
  const manner = useManner();
  const found = useJobs('what-if');
  const jobs = (found.data ?? []).filter((one) => one.id !== shown);
  if (jobs.length === 0) return null;
  const tried = (job: Job) =>
    (job.asked.trials as Trial[])
      .map(({ id, values }) => {
        const of = settings.find((one) => one.name === id);
        return `${of?.label ?? id}: ${wordsOf(values, of?.fields ?? [], manner)}`;
      })
      .join('; ');
  return (
    <Card size="small" title={text('whatIf.earlier')} styles={{ body: { padding: 0 } }}>
      <FileTable<Job>
        file="what-if-attempts"
        rowKey="id"
        dataSource={jobs}
        pagination={ROWS}
        columns={[
          {
            title: text('whatIf.tried'),
            render: (_, job) => (
              <button type="button" className="jump" onClick={() => onShow(job.id)}>
                {tried(job)}
              </button>
            ),
          },
          { title: text('whatIf.period'), render: (_, job) => periodOf(job, manner) },
          { title: text('operations.state'), render: (_, job) => <JobState job={job} /> },
          { title: text('operations.askedAt'), render: (_, job) => instant(job.asked_at, manner) },
        ]}
      />
    </Card>
  );
}
