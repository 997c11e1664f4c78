/** Lying bars made of parts, from the harmless to the worrying. */
import type { EChartsCoreOption } from 'echarts/core';
import type { GlobalToken } from 'antd';

export interface Part {
  name: string;
  color: string;
  values: number[];
  labels: string[];
}

interface Pointed {
  dataIndex: number;
  seriesIndex: number;
}

export function stackedOption(names: string[], parts: Part[], token: GlobalToken): EChartsCoreOption {
  const words = { color: token.colorTextSecondary, fontFamily: token.fontFamily };
  return {
    grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
    // Where there is little room the names are gone through, and none lies on a bar.
    legend: { type: 'scroll', top: 0, left: 0, right: 0, textStyle: words, pageTextStyle: words, itemWidth: 14 },
    tooltip: {
      formatter: ({ dataIndex, seriesIndex }: Pointed) =>
        `${names[dataIndex] ?? ''}<br>${parts[seriesIndex]?.name ?? ''}: <b>${parts[seriesIndex]?.labels[dataIndex] ?? ''}</b>`,
    },
    xAxis: {
      type: 'value',
      splitLine: { lineStyle: { color: token.colorBorderSecondary } },
      axisLabel: { show: false },
    },
    yAxis: {
      type: 'category',
      data: names,
      inverse: true,
      axisLabel: { ...words, width: 180, overflow: 'truncate' },
    },
    series: parts.map(({ name, color, values }) => ({
      type: 'bar',
      name,
      stack: 'all',
      barMaxWidth: 20,
      itemStyle: { color },
      data: values,
    })),
  };
}
