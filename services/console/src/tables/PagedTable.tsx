/** The table of a read that comes in pages, with what stands there before, in place of and after it. */
import type { TableProps } from 'antd';
import type { ReactNode } from 'react';
import { Failed, Loading, Nothing } from '../app/states';
import { More } from './More';
import { FileTable } from './FileTable';
import { usePages } from './usePages';

interface PagedTableProps<T> extends Pick<TableProps<T>, 'columns'> {
  address: string;
  /** What a file of it is called. */
  file: string;
  rowKey: (row: T) => string;
  empty: ReactNode;
  /** After how many milliseconds it is read again, by what is shown. */
  again?: (rows: T[]) => number | false;
}

export function PagedTable<T extends object>({ address, again, empty, ...table }: PagedTableProps<T>) {
  const found = usePages<T>(address, again);
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Failed error={found.error} again={() => void found.refetch()} />;
  if (found.rows.length === 0) return <Nothing>{empty}</Nothing>;
  return (
    <FileTable<T> dataSource={found.rows} foot={<More found={found} />} {...table} />
  );
}
