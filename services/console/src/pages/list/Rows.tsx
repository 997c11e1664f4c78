/** The table of a list, its order and its totals. */
import { Table, Typography, type TableProps } from 'antd';
import type { ReactNode } from 'react';
import type { Field, Kind, ListPage, Row } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Link } from '../../app/route';
import { Nothing } from '../../app/states';
import { PlainTable } from '../../tables/PlainTable';
import { format, headOf } from '../../values/format';
import { useManner } from '../../values/useManner';
import { isNumeric, Value } from '../../values/Value';
import { changed, chosenColumns, sortedBy } from './asked';

interface RowsProps {
  kind: Kind;
  page: ListPage | undefined;
  totals: ListPage['totals'];
  search: URLSearchParams;
  ask: (next: URLSearchParams) => void;
  loading: boolean;
  empty: ReactNode;
  chosen: string[];
  /** Nothing may be done with rows that cannot be chosen. */
  onChosen: ((ids: string[]) => void) | undefined;
}

const MOST_WIDE = 280;

export function Rows({ kind, page, totals, search, ask, loading, empty, chosen, onChosen }: RowsProps) {
  const columns = chosenColumns(kind, search);
  const sorted = sortedBy(search);
  const address = kind.address ?? '';
  const sort: TableProps<Row>['onChange'] = (_, __, sorter) => {
    const one = Array.isArray(sorter) ? sorter[0] : sorter;
    ask(
      changed(search, (next) => {
        if (one?.order === undefined || one.order === null) next.delete('sort');
        else next.set('sort', `${one.order === 'descend' ? '-' : ''}${String(one.columnKey)}`);
      }),
    );
  };
  return (
    <PlainTable<Row>
      rowKey={(row) => String(row.id)}
      dataSource={page?.data ?? []}
      rowSelection={
        onChosen && {
          selectedRowKeys: chosen,
          onChange: (keys) => onChosen(keys.map(String)),
          // The table measures its head in a hidden row, where nothing may be reached by Tab.
          hideSelectAll: true,
        }
      }
      loading={loading}
      sticky={{ offsetHeader: 52 }}
      onChange={sort}
      locale={{ emptyText: page === undefined ? ' ' : <Nothing>{empty}</Nothing> }}
      columns={columns.map((field) => ({
        key: field.name,
        title: headOf(field),
        sorter: field.sorted === true,
        sortOrder:
          sorted?.field === field.name ? (sorted.down ? 'descend' : 'ascend') : (null as never),
        className: isNumeric(field) ? 'number' : undefined,
        render: (_, row) => (
          <div style={{ maxWidth: MOST_WIDE }}>
            {field.name === 'id' ? (
              <Link to={`${address}/${encodeURIComponent(String(row.id))}`}>{String(row.id)}</Link>
            ) : (
              <Value field={field} row={row} names={page?.names} />
            )}
          </div>
        ),
      }))}
      summary={() =>
        totals === undefined || (page?.data.length ?? 0) === 0 ? null : (
          <Totals columns={columns} totals={totals} shift={onChosen === undefined ? 0 : 1} />
        )
      }
    />
  );
}

interface TotalsProps {
  columns: Field[];
  totals: NonNullable<ListPage['totals']>;
  /** Cells before the first column. */
  shift: number;
}

function Totals({ columns, totals, shift }: TotalsProps) {
  const text = useText();
  const manner = useManner();
  const shown = (field: Field) => {
    const total = totals[field.name];
    if (total === undefined) return null;
    if (typeof total === 'number') return format(total, field, manner);
    return Object.entries(total).map(([currency, sum]) => (
      <div key={currency}>{format(sum, field, manner, currency)}</div>
    ));
  };
  return (
    <Table.Summary.Row>
      {shift > 0 && <Table.Summary.Cell index={0} />}
      {columns.map((field, index) => (
        <Table.Summary.Cell key={field.name} index={index + shift} className={isNumeric(field) ? 'number' : ''}>
          {totals[field.name] !== undefined && <span className="in-card">{headOf(field)}</span>}
          <Typography.Text strong>{index === 0 ? text('list.total') : shown(field)}</Typography.Text>
        </Table.Summary.Cell>
      ))}
    </Table.Summary.Row>
  );
}
