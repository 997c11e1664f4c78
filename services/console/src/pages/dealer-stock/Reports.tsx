/** What dealers reported, what the book says as of then, and the variance with its reason, side by side. */
import { Card } from 'antd';
import { useMemo } from 'react';
import { useKnown } from '../../api/catalogue';
import { withQuery } from '../../api/client';
import type { Field, Figure, Names, Row } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { useMoment } from '../../app/route';
import { Failed, Loading, Nothing } from '../../app/states';
import { ExportButton } from '../../tables/ExportButton';
import { FileTable } from '../../tables/FileTable';
import { paged } from '../../tables/rows';
import { useAllPages } from '../../tables/useAllPages';
import { headOf } from '../../values/format';
import { ThingLink, Value } from '../../values/Value';
import { latestReports, type ReportedLine } from './reports';

const ROWS = paged(15);
const OF_REPORT = ['reported_at', 'status'];
const NUMBERS = ['reported', 'book', 'variance'];

interface ReportsProps {
  figure: Figure;
  location: string | null;
  names: Names | undefined;
}

export function Reports({ figure, location, names }: ReportsProps) {
  const text = useText();
  const moment = useMoment();
  const kind = useKnown().kind('stock_report');
  const asked = new URLSearchParams({ sort: '-reported_at' });
  if (location !== null) asked.set('dealer', location);
  if (moment !== null) asked.set('as_of', moment);
  const address = withQuery('/stock_reports', asked);
  const found = useAllPages<Row>(`${address}&limit=500&expand=names`);
  const rows = found.data?.rows;
  const lines = useMemo(() => latestReports(rows ?? []), [rows]);
  const fields = kind?.fields ?? [];
  const nested = fields.find((one) => one.name === 'lines')?.fields ?? [];
  const place = figure.dimensions.find((one) => one.name === 'location');
  const item = figure.dimensions.find((one) => one.name === 'item');
  const column = (field: Field) => ({
    title: headOf(field),
    className: NUMBERS.includes(field.name) ? 'number' : undefined,
    render: (_: unknown, one: ReportedLine) => <Value field={field} row={one as unknown as Row} />,
  });
  const told = (all: Field[], wanted: string[]) =>
    wanted.map((name) => all.find((one) => one.name === name)).filter((one) => one !== undefined);
  const dealers = found.data?.names.dealer;
  return (
    <Card
      size="small"
      title={text('dealerStock.reports')}
      extra={<ExportButton address={address} />}
      styles={{ body: { padding: 0 } }}
    >
      {found.isPending && <Loading />}
      {found.error !== null && <Failed error={found.error} again={() => void found.refetch()} />}
      {found.data !== undefined && lines.length === 0 && <Nothing>{text('dealerStock.noReports')}</Nothing>}
      {lines.length > 0 && (
        <FileTable<ReportedLine>
          file="stock-reports"
          rowKey="key"
          dataSource={lines}
          pagination={ROWS}
          columns={[
            {
              title: place === undefined ? '' : headOf(place),
              render: (_, one) => <ThingLink kinds={['customer']} id={one.dealer} name={dealers?.[one.dealer]} />,
            },
            {
              title: item === undefined ? '' : headOf(item),
              render: (_, one) => <ThingLink kinds={['product']} id={one.item} name={names?.item?.[one.item]} />,
            },
            ...told(nested, [...NUMBERS, 'variance_reason']).map(column),
            ...told(fields, OF_REPORT).map(column),
            {
              title: kind?.label,
              render: (_, one) => <ThingLink kinds={['stock_report']} id={one.report} />,
            },
          ]}
        />
      )}
    </Card>
  );
}
