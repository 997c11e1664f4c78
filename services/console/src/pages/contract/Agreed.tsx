/** The lines of a contract: what was agreed, how much of it is ordered, and what is left. */
import { Card, Progress } from 'antd';
import { useText } from '../../app/preferences';
import { FileTable } from '../../tables/FileTable';
import { format, money } from '../../values/format';
import { useManner } from '../../values/useManner';
import { ThingLink } from '../../values/Value';
import type { SectionProps } from '../card/sections';
import type { QuotedLine } from '../quotation/lines';
import { useProductNames } from '../quotation/useLivePrices';
import { WhyPrice } from '../quotation/WhyPrice';

interface AgreedLine extends QuotedLine {
  ordered: number;
  left: number;
}

export default function Agreed({ kind, thing }: SectionProps) {
  const text = useText();
  const manner = useManner();
  const field = kind.fields?.find((one) => one.name === 'lines');
  const fields = field?.fields ?? [];
  const lines = (thing.data.lines ?? []) as AgreedLine[];
  const names = useProductNames(lines.map((one) => one.item));
  const currency = String(thing.data.currency);
  const label = (name: string) => fields.find((one) => one.name === name)?.label;
  const column = (name: 'quantity' | 'ordered' | 'left') => ({
    title: label(name),
    className: 'number',
    render: (_: unknown, one: AgreedLine) => format(one[name], { name, label: '', type: 'integer' }, manner),
  });
  const priced = (name: 'unit_price' | 'amount') => ({
    title: label(name),
    className: 'number',
    render: (_: unknown, one: AgreedLine) => money(one[name], currency, manner),
  });
  return (
    <Card size="small" title={field?.label} styles={{ body: { padding: 0 } }}>
      <FileTable<AgreedLine>
        file="agreed-lines"
        rowKey="line"
        dataSource={lines}
        columns={[
          {
            title: label('item'),
            render: (_, one) => <ThingLink kinds={['product']} id={one.item} name={names[one.item]} />,
          },
          column('quantity'),
          priced('unit_price'),
          priced('amount'),
          column('ordered'),
          column('left'),
          {
            title: text('contract.drawn'),
            render: (_, one) => <Drawn of={one} />,
          },
        ]}
        expandable={{
          columnTitle: <span className="skip">{text('quotation.why')}</span>,
          expandedRowRender: (one) => <WhyPrice fields={fields} line={one} />,
        }}
      />
    </Card>
  );
}

/** How much of a line is ordered. */
function Drawn({ of: { ordered, quantity } }: { of: AgreedLine }) {
  const text = useText();
  const percent = Math.floor((100 * ordered) / quantity);
  return <Progress percent={percent} size="small" strokeColor="#0f766e" aria-label={text('contract.drawn')} style={{ minWidth: 120 }} />;
}
