/** The files that hang on a thing, to look at or to keep. */
import { FileOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Problem, request } from '../../api/client';
import type { Page, Row } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Failed, Loading, Nothing } from '../../app/states';

export function Files({ address }: { address: string }) {
  const text = useText();
  const found = useQuery({
    queryKey: ['files', address],
    queryFn: () => request<Page<Row>>(`${address}/files`),
  });
  if (found.isPending) return <Loading />;
  // Nothing can hang on some kinds of things.
  const isNone = found.error instanceof Problem && found.error.status === 404;
  if (found.error !== null && !isNone) return <Failed error={found.error} />;
  const files = found.data?.data ?? [];
  if (files.length === 0) return <Nothing>{text('card.noFiles')}</Nothing>;
  return (
    <ul className="waiting" style={{ maxWidth: 620 }}>
      {files.map((file) => (
        <li key={String(file.digest)}>
          <FileOutlined />
          <a className="grow" href={`/files/${String(file.digest)}`} target="_blank" rel="noreferrer">
            {String(file.name ?? file.digest)}
          </a>
        </li>
      ))}
    </ul>
  );
}
