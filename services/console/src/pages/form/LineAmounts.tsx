/** What a line comes to and whether there is enough of it, and what all of them come to. */
import { Typography } from 'antd';
import type { Field } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { format, headOf, money } from '../../values/format';
import { useManner } from '../../values/useManner';
import { addsUp, sumOf } from './totals';
import type { LineAmounts } from './useLineAmounts';

export function LineAmount({ amounts, index }: { amounts: LineAmounts; index: number }) {
  const text = useText();
  const manner = useManner();
  const amount = amounts.amounts[index];
  const free = amounts.live[index]?.stock?.available;
  const wanted = amounts.live[index]?.quantity ?? 0;
  return (
    <td className="number line-amount" data-label={text('form.amount')}>
      <span>{amount === undefined ? text('value.none') : money(amount, amounts.currency, manner)}</span>
      {free !== undefined && (
        <Typography.Text type={free < wanted ? 'danger' : 'secondary'} className="small">
          {text(free < wanted ? 'form.short' : 'form.free', { n: format(free, COUNT, manner) })}
        </Typography.Text>
      )}
    </td>
  );
}

const COUNT: Field = { name: 'count', label: '', type: 'integer' };

interface LineTotalsProps {
  fields: Field[];
  amounts: LineAmounts;
}

export function LineTotals({ fields, amounts }: LineTotalsProps) {
  const text = useText();
  const manner = useManner();
  const { rows, priced, currency } = amounts;
  const sums = fields.filter(addsUp).map((one) => ({
    label: headOf(one),
    said:
      one.unit === 'minor'
        ? money(Math.round(sumOf(rows, one) * 10 ** manner.digitsOf(currency)), currency, manner)
        : format(sumOf(rows, one), COUNT, manner),
  }));
  const told = amounts.amounts.filter((one) => one !== undefined);
  const all = told.reduce((sum, one) => sum + one, 0);
  const open = rows.filter((row, index) => row?.item !== undefined && amounts.amounts[index] === undefined).length;
  return (
    <dl className="line-totals" aria-live="polite">
      {sums.map(({ label, said }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{said}</dd>
        </div>
      ))}
      {priced && (
        <div className="line-total">
          <dt>{text(open > 0 ? 'form.totalBut' : 'form.total', { n: open })}</dt>
          <dd>{told.length === 0 ? text('value.none') : money(all, currency, manner)}</dd>
        </div>
      )}
    </dl>
  );
}
