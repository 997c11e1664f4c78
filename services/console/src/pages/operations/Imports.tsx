/** Files that were imported, the newest first, with the rows that were refused; what was taken is taken back. */
import { Button, Progress, Tag } from 'antd';
import { useKnown } from '../../api/catalogue';
import type { ImportJob } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { go } from '../../app/route';
import { PagedTable } from '../../tables/PagedTable';
import { instant } from '../../values/format';
import { useManner } from '../../values/useManner';
import { addressOfUndo, UndoImport } from './UndoImport';

const PAUSE = 3_000;
const GOING_ON = ['waiting', 'running'];

/** What of it may be taken back, or was. */
function isUndoable(job: ImportJob): boolean {
  return !job.dry_run && (job.state === 'undone' || (job.state === 'done' && job.accepted + job.repeated > 0));
}

export function Imports() {
  const text = useText();
  const known = useKnown();
  const manner = useManner();
  return (
    <>
      <PagedTable<ImportJob>
        file="imports"
        address="/imports?limit=50"
        rowKey={(one) => one.id}
        empty={text('operations.noImports')}
        again={(jobs) => (jobs.some((one) => GOING_ON.includes(one.state)) ? PAUSE : false)}
        columns={[
          { title: text('operations.file'), dataIndex: 'name' },
          {
            title: text('event.command'),
            render: (_, one) => known.command(one.command)?.label ?? one.command,
          },
          {
            title: text('operations.state'),
            render: (_, one) => (
              <>
                <Tag>{text(`import.${one.state}`)}</Tag>
                {one.dry_run && <Tag>{text('import.dryRun')}</Tag>}
              </>
            ),
          },
          {
            title: text('operations.progress'),
            render: (_, one) => (
              <Progress
                size="small"
                percent={one.total ? Math.round((one.done / one.total) * 100) : 0}
                style={{ width: 120 }}
                aria-label={text('operations.progress')}
              />
            ),
          },
          { title: text('import.accepted'), dataIndex: 'accepted', className: 'number' },
          {
            title: text('import.refusedRows'),
            className: 'number',
            render: (_, one) =>
              one.refused + one.invalid > 0 ? (
                <a href={`/imports/${one.id}/refused`}>{one.refused + one.invalid}</a>
              ) : (
                0
              ),
          },
          { title: text('operations.by'), dataIndex: 'by' },
          { title: text('operations.askedAt'), render: (_, one) => instant(one.asked_at, manner) },
          {
            key: 'do',
            render: (_, one) =>
              isUndoable(one) && (
                <Button size="small" onClick={() => go(addressOfUndo(one.id, one.state === 'undone'))}>
                  {text(one.state === 'undone' ? 'undo.look' : 'undo.open')}
                </Button>
              ),
          },
        ]}
      />
      <UndoImport />
    </>
  );
}
