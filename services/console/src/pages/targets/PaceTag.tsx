/** Whether a target is ahead of its days or behind them. */
import { Tag, Tooltip } from 'antd';
import type { Figure } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { currencyOf, format } from '../../values/format';
import { useManner } from '../../values/useManner';
import { paceOf, type Pace, type Target } from './tree';

const COLOURS: Record<Pace, string> = {
  'targets.ahead': 'success',
  'targets.onPace': 'success',
  'targets.behind': 'error',
  'targets.notBegun': 'default',
};

export function PaceTag({ figure, target }: { figure: Figure; target: Target }) {
  const text = useText();
  const manner = useManner();
  const pace = paceOf(target);
  const field = figure.measures.find((one) => one.name === 'expected');
  const amount = field && format(target.expected, field, manner, currencyOf(field, target));
  return (
    <Tooltip title={amount && text('targets.expected', { amount })}>
      <Tag color={COLOURS[pace]}>{text(pace)}</Tag>
    </Tooltip>
  );
}
