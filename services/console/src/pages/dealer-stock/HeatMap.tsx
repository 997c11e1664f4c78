/** Dealers down, items across; a click on a colour leads to the events behind it. */
import { theme } from 'antd';
import { useMemo } from 'react';
import type { Field, Figure, ListPage } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { go } from '../../app/route';
import { Chart } from '../../charts/Chart';
import { heatOption } from '../../charts/heat';
import { format } from '../../values/format';
import { useManner } from '../../values/useManner';
import { explanationOf } from '../figure/question';
import { COVER, heatOf } from './heat';

interface HeatMapProps {
  figure: Figure;
  page: ListPage;
  measure: Field;
  search: URLSearchParams;
}

/** A row of the map, and what is around all of them. */
const [THICK, AROUND] = [28, 170];

function useSteps(dark: boolean) {
  const text = useText();
  return useMemo(
    () => [
      { max: COVER.none, color: dark ? '#b4232c' : '#d64550', label: text('cover.none') },
      { min: COVER.none, max: COVER.few, color: '#e8a33d', label: text('cover.few', { n: COVER.few }) },
      { min: COVER.few, max: COVER.enough, color: '#9bd3a8', label: text('cover.enough', { n: COVER.enough }) },
      { min: COVER.enough, max: COVER.many, color: '#3fa37c', label: text('cover.plenty', { n: COVER.many }) },
      { min: COVER.many, color: '#5b8db8', label: text('cover.many', { n: COVER.many }) },
    ],
    [dark, text],
  );
}

export function HeatMap({ figure, page, measure, search }: HeatMapProps) {
  const text = useText();
  const manner = useManner();
  const { token } = theme.useToken();
  const steps = useSteps(token.colorBgContainer !== '#ffffff');
  const heat = useMemo(() => heatOf(page.data, measure.name), [page, measure]);
  const option = useMemo(() => {
    const named = (field: string, id: string) => page.names?.[field]?.[id] ?? id;
    return heatOption(
      {
        across: heat.items.map((id) => named('item', id)),
        down: heat.places.map((id) => named('location', id)),
        cells: heat.cells.map(({ at }) => ({ at, label: format(at[2], measure, manner) })),
        steps: measure.name === 'days_of_cover' ? steps : undefined,
      },
      token,
    );
  }, [heat, page, measure, manner, steps, token]);
  // Cover is worked out: behind it stands what there is.
  const behind = figure.measures.find((one) => one.name === 'on_hand') ?? measure;
  const explain = (index: number) => {
    const row = heat.cells[index]?.row;
    const to =
      row === undefined
        ? undefined
        : (explanationOf(figure, measure, row, search) ?? explanationOf(figure, behind, row, search));
    if (to !== undefined) go(to);
  };
  return (
    <div className="wide-chart">
      <div style={{ minWidth: heat.items.length * 18 + 200 }}>
        <Chart
          option={option}
          label={text('figure.chartOf', { name: `${figure.label}: ${measure.label}` })}
          height={heat.places.length * THICK + AROUND}
          onPick={explain}
        />
      </div>
    </div>
  );
}
