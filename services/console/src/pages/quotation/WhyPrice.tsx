/** How a line came by its price: the lists and rules that were looked at, and what they did. */
import { Typography } from 'antd';
import type { Field } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Fact } from '../../values/Fact';
import { headOf } from '../../values/format';
import { Lines } from '../../values/Lines';
import { Value } from '../../values/Value';
import type { QuotedLine } from './lines';

interface WhyPriceProps {
  /** What the catalogue says of a line. */
  fields: Field[];
  line: QuotedLine;
}

export function WhyPrice({ fields, line }: WhyPriceProps) {
  const text = useText();
  const within = fields.find((one) => one.name === 'pricing')?.fields ?? [];
  const pricing = line.pricing;
  if (pricing === null) {
    return <Typography.Text type="secondary">{text('quotation.byHand')}</Typography.Text>;
  }
  const [facts, tables] = [
    within.filter((one) => (one.fields ?? []).length === 0),
    within.filter((one) => (one.fields ?? []).length > 0),
  ];
  return (
    <div className="stack">
      <dl className="fields">
        {facts.map((field) => (
          <Fact key={field.name} label={headOf(field)}>
            <Value field={field} row={pricing} />
          </Fact>
        ))}
      </dl>
      <div className="cards">
        {tables.map((field) => (
          <Lines key={field.name} field={field} of={pricing} />
        ))}
      </div>
    </div>
  );
}
