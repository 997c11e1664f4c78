/** Bars of one measure by what tells its rows apart. The table beside it has the same figures. */
import { BarChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { theme } from 'antd';
import { useEffect, useRef } from 'react';
import type { Field, Figure, ListPage } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { currencyOf, format } from '../../values/format';
import { useManner } from '../../values/useManner';
import { isMeasure } from './question';

echarts.use([BarChart, GridComponent, TooltipComponent, CanvasRenderer]);

const MOST = 40;

interface ChartProps {
  figure: Figure;
  page: ListPage;
  columns: Field[];
  measure: Field;
}

function useBars({ figure, page, columns, measure }: ChartProps) {
  const manner = useManner();
  const rows = page.data.slice(0, MOST);
  // What is the same in all rows tells none apart.
  const telling = columns.filter(
    (one) =>
      !isMeasure(figure, one) &&
      one.label !== '#' &&
      (rows.length === 1 || rows.some((row) => row[one.name] !== rows[0]?.[one.name])),
  );
  const shown = (field: Field, row: (typeof rows)[number]) =>
    page.names?.[field.name]?.[String(row[field.name])] ?? format(row[field.name], field, manner);
  return rows.map((row) => ({
    name: telling.map((one) => shown(one, row)).join(' · '),
    value: Number(row[measure.name] ?? 0),
    label: format(row[measure.name], measure, manner, currencyOf(measure, row)),
  }));
}

export default function Chart(props: ChartProps) {
  const { figure, page, measure } = props;
  const text = useText();
  const { token } = theme.useToken();
  const place = useRef<HTMLDivElement>(null);
  const bars = useBars(props);
  const drawn = JSON.stringify(bars);
  useEffect(() => {
    if (place.current === null) return;
    const chart = echarts.init(place.current);
    const each = JSON.parse(drawn) as typeof bars;
    const words = { color: token.colorTextSecondary, fontFamily: token.fontFamily };
    chart.setOption({
      animation: false,
      grid: { left: 8, right: 8, top: 24, bottom: 8, containLabel: true },
      tooltip: { formatter: ({ dataIndex }: { dataIndex: number }) => `${each[dataIndex]?.name ?? ''}: ${each[dataIndex]?.label ?? ''}` },
      xAxis: {
        type: 'category',
        data: each.map((one) => one.name),
        axisLabel: { ...words, hideOverlap: true, width: 120, overflow: 'truncate' },
      },
      yAxis: {
        type: 'value',
        splitLine: { lineStyle: { color: token.colorBorderSecondary } },
        axisLabel: { show: false },
      },
      series: [
        {
          type: 'bar',
          barMaxWidth: 44,
          itemStyle: { color: token.colorPrimary, borderRadius: [4, 4, 0, 0] },
          data: each.map((one) => one.value),
          label: {
            ...words,
            show: each.length <= 12,
            position: 'top',
            formatter: ({ dataIndex }: { dataIndex: number }) => each[dataIndex]?.label ?? '',
          },
        },
      ],
    });
    const fit = new ResizeObserver(() => chart.resize());
    fit.observe(place.current);
    return () => {
      fit.disconnect();
      chart.dispose();
    };
  }, [drawn, token]);
  const name = `${figure.label}: ${measure.label}`;
  return (
    <>
      <div ref={place} className="chart" role="img" aria-label={text('figure.chartOf', { name })} />
      {page.data.length > MOST && text('figure.first', { n: MOST })}
    </>
  );
}
