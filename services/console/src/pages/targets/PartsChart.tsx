/** How much of its target each part has reached, the best first. */
import { Card, theme } from 'antd';
import { useMemo } from 'react';
import type { Names } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { go } from '../../app/route';
import { barsOption } from '../../charts/bars';
import { Chart } from '../../charts/Chart';
import { shortMoney } from '../../values/format';
import { useManner } from '../../values/useManner';
import { nameOf, type Target } from './tree';

const MOST = 20;
const [THICK, AROUND] = [30, 30];

interface PartsChartProps {
  parts: Target[];
  whole: Target;
  names: Names;
}

export function PartsChart({ parts, whole, names }: PartsChartProps) {
  const text = useText();
  const manner = useManner();
  const { token } = theme.useToken();
  const drawn = JSON.stringify(
    [...parts].sort((one, other) => Number(other.rate_bp) - Number(one.rate_bp)).slice(0, MOST),
  );
  const each = useMemo(() => JSON.parse(drawn) as Target[], [drawn]);
  const above = parts[0]?.target === whole.target ? undefined : whole;
  const option = useMemo(() => {
    const amount = (value: unknown, target: Target) =>
      typeof target.currency === 'string'
        ? shortMoney(Number(value), target.currency, manner)
        : Number(value).toLocaleString(manner.language);
    const bars = each.map((one) => {
      const rate = `${String(Math.round(Number(one.rate_bp ?? 0) / 100))} %`;
      return {
        name: nameOf(one, above, names, text('targets.company')),
        value: Number(one.rate_bp ?? 0),
        label: rate,
        full: `${rate}, ${amount(one.actual, one)} / ${amount(one.planned, one)}`,
      };
    });
    return barsOption(bars, token, true);
  }, [each, above, names, manner, token, text]);
  if (each.length < 2) return null;
  const open = (index: number) => {
    const target = each[index];
    if (target !== undefined) go(`/targets/${encodeURIComponent(target.target)}`);
  };
  return (
    <Card size="small" title={text('targets.parts')}>
      <Chart
        option={option}
        label={text('figure.chartOf', { name: text('targets.parts') })}
        height={each.length * THICK + AROUND}
        onPick={open}
      />
    </Card>
  );
}
