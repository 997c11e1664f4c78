/** Charts come with the first page that has one: the library is larger than the rest. */
import type { EChartsCoreOption } from 'echarts/core';
import { lazy, Suspense } from 'react';

const EChart = lazy(() => import('./EChart'));

export interface ChartProps {
  /** Kept between renders: another one is another drawing. */
  option: EChartsCoreOption;
  /** What a reader who does not see it is told. */
  label: string;
  height?: number;
  onPick?: (index: number) => void;
}

export function Chart(props: ChartProps) {
  return (
    <Suspense fallback={<div className="chart" style={{ height: props.height }} />}>
      <EChart {...props} />
    </Suspense>
  );
}
