/**
 * Every table of the console. It is scrolled sideways where it is wider than its place; on a phone
 * each row is a card, with the first column as its head and each other value under its label.
 */
import { Table, type TableProps } from 'antd';
import { usePhone } from '../app/usePhone';
import './cards.css';

type Columns<T> = NonNullable<TableProps<T>['columns']>;

/** Cells say what their column is called: the head is not shown on a phone. */
function labelled<T>(columns: Columns<T>): Columns<T> {
  return columns.map((column) => ({
    ...column,
    onCell: (...row) => {
      const label = typeof column.title === 'string' ? column.title : undefined;
      const cell = { ...column.onCell?.(...row), 'data-label': label };
      return cell;
    },
  }));
}

export function PlainTable<T extends object>({ columns = [], sticky, ...table }: TableProps<T>) {
  const shape = usePhone()
    ? { className: 'as-cards', columns: labelled(columns) }
    : { scroll: { x: 'max-content' }, sticky, columns };
  return <Table<T> size="small" pagination={false} {...shape} {...table} />;
}
