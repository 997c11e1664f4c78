/** The lines of a quotation: what was offered, beside what it would cost and what there is now. */
import { Tag, Typography } from 'antd';
import type { Field, Row } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { FileTable } from '../../tables/FileTable';
import { format, money } from '../../values/format';
import { useManner } from '../../values/useManner';
import { ThingLink } from '../../values/Value';
import { isShort, marginOf, standOf, type LivePrice, type QuotedLine } from './lines';
import { useProductNames } from './useLivePrices';
import { WhyPrice } from './WhyPrice';

interface QuotedLinesProps {
  fields: Field[];
  quotation: Row;
  lines: QuotedLine[];
  /** Of each line, where it is asked for. */
  now: (LivePrice | undefined)[];
  live: boolean;
}

const NUMBER: Field = { name: 'number', label: '', type: 'integer' };
export const MARGIN: Field = { name: 'margin', label: '', type: 'integer', unit: 'basis_points' };

export function QuotedLines({ fields, quotation, lines, now, live }: QuotedLinesProps) {
  const text = useText();
  const manner = useManner();
  const names = useProductNames(lines.map((one) => one.item));
  const currency = String(quotation.currency);
  const label = (name: string) => fields.find((one) => one.name === name)?.label;
  const told = (amount: number) => money(amount, currency, manner);
  const nowOf = (line: QuotedLine) => now[lines.indexOf(line)];
  const costed = lines.some((one) => one.cost !== undefined);
  return (
    <FileTable<QuotedLine>
      file="quoted-lines"
      rowKey="line"
      dataSource={lines}
      columns={[
        {
          title: label('item'),
          render: (_, one) => <ThingLink kinds={['product']} id={one.item} name={names[one.item]} />,
        },
        {
          title: label('quantity'),
          className: 'number',
          render: (_, one) => format(one.packed ?? one.quantity, NUMBER, manner),
        },
        { title: label('unit_price'), className: 'number', render: (_, one) => told(one.unit_price) },
        {
          title: label('amount'),
          className: 'number',
          render: (_, one) => (
            <>
              {one.pricing?.below_floor === true && <Tag color="volcano">{text('quotation.belowFloor')}</Tag>}
              {told(one.amount)}
            </>
          ),
        },
        ...(costed
          ? [{
              title: text('quotation.margin'),
              className: 'number',
              render: (_: unknown, one: QuotedLine) => format(marginOf(one), MARGIN, manner),
            }]
          : []),
        ...(live
          ? [
              {
                title: text('quotation.now'),
                className: 'number',
                render: (_: unknown, one: QuotedLine) => <Now line={one} now={nowOf(one)} told={told} />,
              },
              {
                title: text('quotation.available'),
                className: 'number',
                render: (_: unknown, one: QuotedLine) => <Available line={one} now={nowOf(one)} />,
              },
            ]
          : []),
      ]}
      expandable={{
        columnTitle: <span className="skip">{text('quotation.why')}</span>,
        expandedRowRender: (one) => <WhyPrice fields={fields} line={one} />,
      }}
    />
  );
}

interface NowProps {
  line: QuotedLine;
  now: LivePrice | undefined;
  told: (amount: number) => string;
}

function Now({ line, now, told }: NowProps) {
  const text = useText();
  const stand = standOf(line, now);
  if (now === undefined || stand === 'unknown') return text('value.none');
  if (stand === 'same') {
    return <Typography.Text type="secondary">{text('quotation.same')}</Typography.Text>;
  }
  return (
    <>
      {told(now.amount)} <Typography.Text type="secondary">{text(`quotation.${stand}`)}</Typography.Text>
    </>
  );
}

function Available({ line, now }: Omit<NowProps, 'told'>) {
  const text = useText();
  const manner = useManner();
  if (now?.stock == null) return text('value.none');
  return (
    <>
      {isShort(line, now) && <Tag color="volcano">{text('quotation.short')}</Tag>}
      {format(now.stock.available, NUMBER, manner)}
    </>
  );
}
