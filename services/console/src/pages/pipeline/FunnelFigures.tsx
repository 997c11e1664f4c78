/** The funnel as drawing and as figures that can be explained. */
import { theme } from 'antd';
import { useMemo } from 'react';
import type { Figure, ListPage } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Chart } from '../../charts/Chart';
import { funnelOption } from '../../charts/funnel';
import { named } from '../../values/format';
import { FigureTable } from '../figure/FigureTable';
import { columnsOf } from '../figure/question';
import { CLOSED, type Stage } from './stages';

/** What is told of each stage, in this order; its currency where there are several. */
const SHOWN = ['stage', 'deals', 'amount', 'entered', 'conversion_bp', 'average_seconds'];

interface FunnelFiguresProps {
  figure: Figure;
  page: ListPage;
  pipeline: string;
  stages: Stage[];
  search: URLSearchParams;
}

export function FunnelFigures({ figure, page, pipeline, stages, search }: FunnelFiguresProps) {
  const text = useText();
  const { token } = theme.useToken();
  const own = useMemo(
    () => ({ ...page, data: page.data.filter((row) => row.pipeline === pipeline) }),
    [page, pipeline],
  );
  const known = columnsOf(figure, own.data);
  const several = new Set(own.data.map((row) => row.currency)).size > 1;
  const columns = [...SHOWN, ...(several ? ['currency'] : [])]
    .map((name) => known.find((one) => one.name === name))
    .filter((one) => one !== undefined)
    // Shown as days and hours, which its label calls seconds.
    .map((one) => (one.name === 'average_seconds' ? { ...one, label: text('pipeline.stay') } : one));
  const drawn = JSON.stringify(
    stages
      .filter((one) => one.name !== CLOSED[1])
      .map(({ name, entered }) => ({ name: named('stage', name, text), value: entered })),
  );
  const option = useMemo(
    () => funnelOption(JSON.parse(drawn) as { name: string; value: number }[], token),
    [drawn, token],
  );
  return (
    <div className="beside">
      <Chart option={option} label={text('pipeline.entered')} height={300} />
      <div style={{ minWidth: 0 }}>
        <FigureTable figure={figure} page={own} columns={columns} search={search} />
      </div>
    </div>
  );
}
