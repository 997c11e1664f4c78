/** An import is taken back: confirmed, followed until it ends, and told what of it stays and why. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Drawer, Progress, Typography } from 'antd';
import { useEffect } from 'react';
import { request } from '../../api/client';
import type { UndoJob } from '../../api/shapes';
import { usePreferences, useText } from '../../app/preferences';
import { go, Link, usePlace } from '../../app/route';
import { Failed, Loading } from '../../app/states';
import { useAttempt } from '../../app/useAttempt';
import { FileTable } from '../../tables/FileTable';
import { paged } from '../../tables/rows';
import { instant } from '../../values/format';
import { StreamLink } from '../../values/StreamLink';
import { useManner } from '../../values/useManner';

const WIDTH = 720;
const PAUSE = 1_000;
const WHOLE = 100;
const ROWS = paged(20);
const UNDO = 'undo';
const OPERATIONS = '/operations?tab=imports';

/** Whether it was asked for already: nothing is read of an undo that nobody has asked for. */
const ASKED = 'asked';

export function addressOfUndo(id: string, isAsked: boolean): string {
  return `${OPERATIONS}&${UNDO}=${id}${isAsked ? `&${ASKED}=1` : ''}`;
}

function goesOn(job: UndoJob): boolean {
  return job.state === 'waiting' || job.state === 'running';
}

export function UndoImport() {
  const text = useText();
  const { search } = usePlace();
  const id = search.get(UNDO);
  if (id === null) return null;
  return (
    <Drawer open title={text('undo.title')} size={WIDTH} onClose={() => go(OPERATIONS, { replace: true })}>
      <OfImport id={id} isAsked={search.has(ASKED)} />
    </Drawer>
  );
}

function OfImport({ id, isAsked }: { id: string; isAsked: boolean }) {
  const text = useText();
  const { language } = usePreferences();
  const queries = useQueryClient();
  const { busy, problem, attempt } = useAttempt();
  const key = [UNDO, id, language];
  const found = useQuery({
    queryKey: key,
    queryFn: () => request<UndoJob>(`/imports/${id}/undo`),
    enabled: isAsked,
    refetchInterval: ({ state }) => (state.data !== undefined && goesOn(state.data) ? PAUSE : false),
  });
  const ended = found.data?.ended_at;
  useEffect(() => {
    if (ended != null) void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== UNDO });
  }, [ended, queries]);
  if (isAsked && found.isPending) return <Loading />;
  if (found.error !== null) return <Failed error={found.error} again={() => void found.refetch()} />;
  const job = found.data;
  const begin = (partial: boolean) =>
    void attempt(async () => {
      const path = `/imports/${id}/undo?partial=${String(partial)}`;
      queries.setQueryData(key, await request<UndoJob>(path, { method: 'POST' }));
      go(addressOfUndo(id, true), { replace: true });
    });
  return (
    <div className="stack">
      {job === undefined && <Typography.Paragraph>{text('undo.help')}</Typography.Paragraph>}
      {job !== undefined && <Outcome job={job} />}
      {problem !== null && <Alert type="error" showIcon title={problem.message} />}
      <div className="bar">
        {(job === undefined || job.state === 'failed') && (
          <Button danger type="primary" loading={busy} onClick={() => begin(false)}>
            {text('undo.whole')}
          </Button>
        )}
        {job?.state === 'kept' && !job.partial && (
          <Button danger loading={busy} onClick={() => begin(true)}>
            {text('undo.partial')}
          </Button>
        )}
      </div>
    </div>
  );
}

function Outcome({ job }: { job: UndoJob }) {
  const text = useText();
  const manner = useManner();
  if (goesOn(job)) {
    const share = job.total == null || job.total === 0 ? 0 : Math.floor((job.done / job.total) * WHOLE);
    return (
      <div role="status">
        <Progress percent={share} status="active" strokeColor="#0f766e" aria-label={text('undo.going')} />
        <Typography.Text type="secondary">{`${text('undo.going')} ${text('job.staysHelp')}`}</Typography.Text>
      </div>
    );
  }
  const type = job.state === 'done' ? 'success' : job.state === 'kept' ? 'warning' : 'error';
  const told = text(job.state === 'done' ? 'undo.done' : job.partial ? 'undo.partly' : 'undo.kept', { n: job.undone, stay: job.stay });
  return (
    <>
      <Alert
        type={type}
        showIcon
        title={job.fault ?? told}
        description={text('job.asked', { by: job.by, at: instant(job.asked_at, manner) })}
      />
      {job.kept.length > 0 && (
        <FileTable<UndoJob['kept'][number]>
          file={`stays-${job.id}`}
          rowKey="position"
          dataSource={job.kept}
          pagination={ROWS}
          columns={[
            { title: text('event.stream'), render: (_, one) => <StreamLink stream={one.stream} /> },
            {
              title: text('card.event'),
              render: (_, one) => <Link to={`/events/${String(one.position)}`}>{one.position}</Link>,
            },
            { title: text('undo.why'), dataIndex: 'message' },
          ]}
        />
      )}
    </>
  );
}
