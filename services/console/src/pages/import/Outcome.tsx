/** How far an import is and what became of its rows; it goes on when the page is left. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Card, Progress, Space } from 'antd';
import { useEffect } from 'react';
import { request } from '../../api/client';
import type { ImportJob } from '../../api/shapes';
import { usePreferences, useText } from '../../app/preferences';
import { Link } from '../../app/route';
import { Failed } from '../../app/states';
import { PlainTable } from '../../tables/PlainTable';
import { paged } from '../../tables/rows';
import { addressOfUndo } from '../operations/UndoImport';

const PAUSE = 700;
const GOING_ON = ['waiting', 'running'];

export function Outcome({ id }: { id: string | null }) {
  const { language } = usePreferences();
  const queries = useQueryClient();
  const found = useQuery({
    queryKey: ['import', id, language],
    queryFn: () => request<ImportJob>(`/imports/${encodeURIComponent(id ?? '')}`),
    enabled: id !== null,
    refetchInterval: ({ state }) =>
      state.data === undefined || GOING_ON.includes(state.data.state) ? PAUSE : false,
  });
  const state = found.data?.state;
  useEffect(() => {
    if (state === 'done') void queries.invalidateQueries({ queryKey: ['list'] });
  }, [state, queries]);
  if (id === null) return null;
  if (found.error !== null) return <Failed error={found.error} />;
  return found.data === undefined ? null : <Told job={found.data} />;
}

/** What is done next with an import that has ended. */
function After({ job, wrong }: { job: ImportJob; wrong: number }) {
  const text = useText();
  return (
    <Space wrap>
      {wrong > 0 && <a href={`/imports/${job.id}/refused`}>{text('import.refusedFile')}</a>}
      {job.accepted > 0 && <Link to={addressOfUndo(job.id, job.state === 'undone')}>{text(job.state === 'undone' ? 'undo.look' : 'undo.open')}</Link>}
    </Space>
  );
}

function Told({ job }: { job: ImportJob }) {
  const text = useText();
  const going = GOING_ON.includes(job.state);
  const wrong = job.refused + job.invalid;
  const percent = job.total ? Math.round((job.done / job.total) * 100) : 0;
  // Of the rows that a command could be made of; a check takes none.
  const readable = job.total ?? 0;
  const told = text(job.dry_run ? 'import.checked' : 'import.ended', {
    n: readable + job.invalid,
    good: job.dry_run ? readable - job.refused : job.accepted + job.repeated + job.waiting,
    wrong,
  });
  return (
    <Card size="small" title={`${job.name} · ${text(`import.${job.state}`)}`}>
      {going && <Progress percent={percent} aria-label={text('operations.progress')} />}
      {!going && (
        <Alert
          type={job.state === 'failed' || wrong > 0 ? 'warning' : 'success'}
          showIcon
          title={told}
          description={job.notes.join(' ')}
          action={!job.dry_run && <After job={job} wrong={wrong} />}
        />
      )}
      {job.faults.length > 0 && (
        <PlainTable
          rowKey={(one) => job.faults.indexOf(one)}
          style={{ marginTop: 12 }}
          pagination={paged(50)}
          dataSource={job.faults}
          columns={[
            { title: text('import.row'), dataIndex: 'row', className: 'number' },
            { title: text('import.column'), dataIndex: 'column' },
            { title: text('list.value'), dataIndex: 'value' },
            { title: text('import.fault'), dataIndex: 'message' },
          ]}
        />
      )}
    </Card>
  );
}
