/** Whether the log is whole: how far it is good, since when, and what is wrong behind it. */
import { Alert, Button, Card } from 'antd';
import type { Job } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Link } from '../../app/route';
import { Failed, Loading, Nothing } from '../../app/states';
import { JobProgress, JobState } from '../../jobs/JobProgress';
import { goesOn, useBegin, useJobs } from '../../jobs/useJobs';
import { FileTable } from '../../tables/FileTable';
import { paged } from '../../tables/rows';
import { duration, instant } from '../../values/format';
import { StreamLink } from '../../values/StreamLink';
import { useManner } from '../../values/useManner';

const ROWS = paged(10);
const SECOND = 1_000;

export function Integrity() {
  const text = useText();
  const found = useJobs('integrity');
  const { busy, problem, begin } = useBegin('integrity');
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Failed error={found.error} />;
  const running = found.data.find(goesOn);
  const latest = found.data.find((one) => one.integrity != null);
  return (
    <div className="stack">
      <div className="bar">
        <Button type="primary" loading={busy || running !== undefined} onClick={() => void begin()}>
          {text('integrity.check')}
        </Button>
        <span className="grow">{text('integrity.help')}</span>
      </div>
      {problem !== null && <Alert type="error" showIcon title={problem.message} />}
      {running !== undefined && (
        <Card size="small">
          <JobProgress job={running} words={text('integrity.walking')} />
        </Card>
      )}
      {latest !== undefined && <Verdict job={latest} />}
      {found.data.length === 0 ? <Nothing>{text('integrity.never')}</Nothing> : <Walks jobs={found.data} />}
    </div>
  );
}

function Verdict({ job }: { job: Job }) {
  const text = useText();
  const manner = useManner();
  const found = job.integrity;
  if (found == null) return null;
  const at = job.ended_at == null ? '' : instant(job.ended_at, manner);
  const upTo = found.recorded_at == null ? '' : instant(found.recorded_at, manner);
  const n = found.position.toLocaleString(manner.language);
  if (found.wrong == null) {
    return <Alert type="success" showIcon title={text('integrity.whole', { n })} description={text('integrity.wholeHelp', { at, upTo })} />;
  }
  return (
    <Alert
      type="error"
      showIcon
      title={text(`integrity.${found.wrong}`, { position: found.position + 1 })}
      description={
        <>
          <p>{text('integrity.goodUpTo', { n, upTo })}</p>
          {found.stream != null && (
            <p>
              <Link to={`/events/${String(found.position + 1)}`}>{text('integrity.look')}</Link> · <StreamLink stream={found.stream} />
            </p>
          )}
          <p>{text('integrity.mend')}</p>
        </>
      }
    />
  );
}

function Walks({ jobs }: { jobs: Job[] }) {
  const text = useText();
  const manner = useManner();
  const lasted = (job: Job) =>
    job.ended_at == null ? '' : duration((Date.parse(job.ended_at) - Date.parse(job.asked_at)) / SECOND, manner);
  const came = ({ integrity }: Job) =>
    integrity == null ? '' : text(integrity.wrong == null ? 'integrity.good' : `integrity.${integrity.wrong}`, { position: (integrity.position + 1) });
  return (
    <Card size="small" title={text('integrity.walks')} styles={{ body: { padding: 0 } }}>
      <FileTable<Job>
        file="integrity"
        rowKey="id"
        dataSource={jobs}
        pagination={ROWS}
        columns={[
          { title: text('operations.askedAt'), render: (_, one) => instant(one.asked_at, manner) },
          { title: text('operations.state'), render: (_, one) => <JobState job={one} /> },
          { title: text('integrity.came'), render: (_, one) => came(one) },
          {
            title: text('integrity.goodEvents'),
            className: 'number',
            render: (_, one) => one.integrity?.position.toLocaleString(manner.language),
          },
          { title: text('integrity.lasted'), render: (_, one) => lasted(one) },
          { title: text('operations.by'), dataIndex: 'by' },
        ]}
      />
    </Card>
  );
}
