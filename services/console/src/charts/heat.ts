/** A grid of colours: by steps where the steps have a meaning, else from least to most. */
import type { EChartsCoreOption } from 'echarts/core';
import type { GlobalToken } from 'antd';
import { faint } from './funnel';

export interface HeatCell {
  at: [number, number, number];
  label: string;
}

export interface HeatStep {
  min?: number;
  max?: number;
  color: string;
  label: string;
}

interface HeatChart {
  across: string[];
  down: string[];
  cells: HeatCell[];
  steps?: HeatStep[];
}

const FAINT = 20;

export function heatOption({ across, down, cells, steps }: HeatChart, token: GlobalToken): EChartsCoreOption {
  const words = { color: token.colorTextSecondary, fontFamily: token.fontFamily };
  const most = Math.max(1, ...cells.map((one) => one.at[2]));
  const colours = { color: [faint(token.colorPrimary, FAINT), token.colorPrimary] };
  return {
    grid: { left: 8, right: 8, top: 8, bottom: 44, containLabel: true },
    tooltip: {
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const cell = cells[dataIndex];
        if (cell === undefined) return '';
        return `${down[cell.at[1]] ?? ''}<br>${across[cell.at[0]] ?? ''}: <b>${cell.label}</b>`;
      },
    },
    xAxis: {
      type: 'category',
      data: across,
      axisLabel: { ...words, rotate: 55, width: 110, overflow: 'truncate', interval: 0, fontSize: 11 },
      splitArea: { show: false },
    },
    yAxis: { type: 'category', data: down, inverse: true, axisLabel: { ...words, width: 170, overflow: 'truncate' } },
    visualMap: {
      ...(steps === undefined
        ? { type: 'continuous', min: 0, max: most, inRange: colours, calculable: false }
        : { type: 'piecewise', pieces: steps }),
      orient: 'horizontal',
      left: 'center',
      bottom: 0,
      textStyle: words,
    },
    series: [
      {
        type: 'heatmap',
        data: cells.map((one) => one.at),
        itemStyle: { borderColor: token.colorBgLayout, borderWidth: 1 },
      },
    ],
  };
}
