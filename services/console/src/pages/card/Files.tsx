/** The files that hang on a thing, to look at or to keep; a photo is taken, or a file chosen, and hung there. */
import { FileOutlined, PaperClipOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Spin, Typography } from 'antd';
import { useKnown } from '../../api/catalogue';
import { request, upload, wrote } from '../../api/client';
import type { AttachedFile, Kind, UploadedFile } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { useMoment } from '../../app/route';
import { Failed, Loading, Nothing } from '../../app/states';
import { useAttempt } from '../../app/useAttempt';
import { bytes } from '../../values/format';
import { useManner } from '../../values/useManner';

interface FilesProps {
  kind: Kind;
  id: string;
  address: string;
}

/** On a phone the camera is offered among the ways to choose one. */
const TAKEN = 'image/jpeg,image/png,image/webp,.pdf,.docx,.xlsx';

export function Files({ kind, id, address }: FilesProps) {
  const text = useText();
  const known = useKnown();
  const manner = useManner();
  const past = useMoment() !== null;
  const found = useQuery({
    queryKey: ['files', address],
    queryFn: async () => (await request<{ data: AttachedFile[] }>(`${address}/files`)).data,
  });
  if (found.isPending) return <Loading />;
  if (found.error !== null) {
    return <Failed error={found.error} again={() => void found.refetch()} />;
  }
  const of = `?of=${encodeURIComponent(`${kind.name}/${id}`)}`;
  return (
    <div className="stack" style={{ maxWidth: 620 }}>
      {!past && known.command('attach-file') !== undefined && <Attach kind={kind} id={id} />}
      {found.data.length === 0 && <Nothing>{text('card.noFiles')}</Nothing>}
      <ul className="waiting">
        {found.data.map((file) => (
          <li key={file.digest} className="attached">
            {file.has_thumbnail ? (
              <img src={`/files/${file.digest}/thumbnail${of}`} alt="" />
            ) : (
              <FileOutlined aria-hidden />
            )}
            <span className="grow">
              <a href={`/files/${file.digest}${of}`} target="_blank" rel="noreferrer">
                {file.file_name}
              </a>
              {file.note !== null && <div className="small">{file.note}</div>}
            </span>
            <Typography.Text type="secondary">{bytes(file.size, manner)}</Typography.Text>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Attach({ kind, id }: { kind: Kind; id: string }) {
  const text = useText();
  const known = useKnown();
  const queries = useQueryClient();
  const { busy, problem, attempt } = useAttempt();
  const attach = (file: File) =>
    attempt(async () => {
      const type = file.type === '' ? 'application/octet-stream' : file.type;
      const name = encodeURIComponent(file.name);
      const kept = await upload<UploadedFile>(`/files?name=${name}`, file, type);
      const body = { kind: kind.name, id, file: kept.digest, file_name: file.name };
      const headers = { 'Idempotency-Key': crypto.randomUUID() };
      const address = known.command('attach-file')?.address ?? '';
      const done = await request<{ position?: number }>(address, { method: 'POST', body, headers });
      if (done.position !== undefined) wrote(done.position);
      await queries.invalidateQueries();
    });
  return (
    <>
      <label className="drop">
        {busy ? <Spin size="small" /> : <PaperClipOutlined style={{ fontSize: 22 }} aria-hidden />}
        <span>{text('card.attach')}</span>
        <input
          type="file"
          accept={TAKEN}
          disabled={busy}
          aria-label={text('card.attach')}
          onChange={(event) => {
            const file = event.target.files?.[0];
            event.target.value = '';
            if (file !== undefined) void attach(file);
          }}
        />
      </label>
      {problem !== null && <Alert type="error" showIcon title={problem.message} />}
    </>
  );
}
