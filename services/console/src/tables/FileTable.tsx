/** A table whose rows, as they are shown and all of them, can be had as a file. */
import { DownloadOutlined } from '@ant-design/icons';
import { Button, type TableProps } from 'antd';
import { useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { useText } from '../app/preferences';
import { csvOf, download, shownIn } from './csv';
import { PlainTable } from './PlainTable';

interface FileTableProps<T> extends TableProps<T> {
  /** What the file is called. */
  file: string;
  /** What stands below the table, before the way to its file. */
  foot?: ReactNode;
}

export function FileTable<T extends object>({ file, foot, pagination = false, ...table }: FileTableProps<T>) {
  const text = useText();
  const around = useRef<HTMLDivElement>(null);
  const [whole, setWhole] = useState(false);
  // For a moment all rows are there, however many a page of the table has.
  useLayoutEffect(() => {
    if (!whole || around.current === null) return;
    download(file, csvOf(shownIn(around.current)));
    setWhole(false);
  }, [whole, file]);
  const isEmpty = (table.dataSource ?? []).length === 0;
  return (
    <div ref={around}>
      <PlainTable<T> {...table} pagination={whole ? false : pagination} />
      {(!isEmpty || foot !== undefined) && (
        <div className="table-foot">
          {foot}
          {!isEmpty && (
            <Button type="text" size="small" icon={<DownloadOutlined />} onClick={() => setWhole(true)}>
              {text('list.export')}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
