/** Steps of which each is a part of the one before. */
import type { EChartsCoreOption } from 'echarts/core';
import type { GlobalToken } from 'antd';

/** Of 255: from the first step, which is strongest, to the last; words on all of them are read. */
const [STRONG, FAINT] = [120, 40];

/** A colour such as #0f766e that lets so much of what is behind it through. */
export function faint(colour: string, alpha: number): string {
  return colour + Math.round(alpha).toString(16).padStart(2, '0');
}

export function funnelOption(
  steps: { name: string; value: number }[],
  token: GlobalToken,
): EChartsCoreOption {
  return {
    tooltip: {},
    series: [
      {
        type: 'funnel',
        sort: 'none',
        left: 8,
        right: 8,
        top: 4,
        bottom: 4,
        gap: 3,
        minSize: '16%',
        label: {
          position: 'inside',
          formatter: '{b}  {c}',
          color: token.colorText,
          textBorderWidth: 0,
          fontFamily: token.fontFamily,
        },
        itemStyle: { borderWidth: 0 },
        data: steps.map((one, index) => ({
          ...one,
          itemStyle: {
            color: faint(token.colorPrimary, STRONG - ((STRONG - FAINT) * index) / steps.length),
          },
        })),
      },
    ],
  };
}
