/** Bars with their values in words, upright or lying. */
import type { EChartsCoreOption } from 'echarts/core';
import type { GlobalToken } from 'antd';

export interface Bar {
  name: string;
  value: number;
  /** Beside the bar, and in full where it is pointed at. */
  label: string;
  full: string;
}

/** So many bars have room for their values beside them. */
const ROOM = 12;

interface Pointed {
  dataIndex: number;
}

export function barsOption(bars: Bar[], token: GlobalToken, lying = false): EChartsCoreOption {
  const words = { color: token.colorTextSecondary, fontFamily: token.fontFamily };
  const names = {
    type: 'category',
    data: bars.map((one) => one.name),
    inverse: lying,
    axisLabel: { ...words, hideOverlap: true, width: lying ? 200 : 120, overflow: 'truncate' },
  };
  const values = {
    type: 'value',
    splitLine: { lineStyle: { color: token.colorBorderSecondary } },
    axisLabel: { show: false },
  };
  return {
    grid: { left: 8, right: lying ? 116 : 8, top: lying ? 8 : 24, bottom: 8, containLabel: true },
    tooltip: {
      formatter: ({ dataIndex }: Pointed) =>
        `${bars[dataIndex]?.name ?? ''}: ${bars[dataIndex]?.full ?? ''}`,
    },
    xAxis: lying ? values : names,
    yAxis: lying ? names : values,
    series: [
      {
        type: 'bar',
        barMaxWidth: lying ? 22 : 44,
        itemStyle: {
          color: token.colorPrimary,
          borderRadius: lying ? [0, 4, 4, 0] : [4, 4, 0, 0],
        },
        data: bars.map((one) => one.value),
        label: {
          ...words,
          show: lying || bars.length <= ROOM,
          position: lying ? 'right' : 'top',
          formatter: ({ dataIndex }: Pointed) => bars[dataIndex]?.label ?? '',
        },
      },
    ],
  };
}
