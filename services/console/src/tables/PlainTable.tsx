/** A table of all the rows there are: small, and scrolled sideways where it is wider than its place. */
import { Table, type TableProps } from 'antd';

export function PlainTable<T extends object>(props: TableProps<T>) {
  return <Table<T> size="small" pagination={false} scroll={{ x: 'max-content' }} {...props} />;
}
