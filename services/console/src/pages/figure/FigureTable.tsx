/** The rows of a figure, each number with the way to the events behind it. */
import type { Field, Figure, ListPage, Row } from '../../api/shapes';
import { PlainTable } from '../../tables/PlainTable';
import { headOf } from '../../values/format';
import { isNumeric, Value } from '../../values/Value';
import { Explained } from './Explained';
import { isMeasure } from './question';

interface FigureTableProps {
  figure: Figure;
  page: ListPage;
  columns: Field[];
  search: URLSearchParams;
}

export function FigureTable({ figure, page, columns, search }: FigureTableProps) {
  return (
    <PlainTable<Row>
      rowKey={(row) => page.data.indexOf(row)}
      dataSource={page.data}
      columns={columns.map((field) => ({
        key: field.name,
        title: headOf(field),
        className: isNumeric(field) ? 'number' : undefined,
        render: (_, row) =>
          isMeasure(figure, field) ? (
            <Explained figure={figure} field={field} row={row} search={search} />
          ) : (
            <Value field={field} row={row} names={page.names} />
          ),
      }))}
    />
  );
}
