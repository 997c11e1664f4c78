/** Who comes first, as bars and as a table; in a race the bars move from frame to frame. */
import { useMemo } from 'react';
import type { Field, Figure, ListPage } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Nothing } from '../../app/states';
import { Bars } from '../figure/Bars';
import { FigureTable } from '../figure/FigureTable';
import { columnsOf } from '../figure/question';
import type { Question } from './question';
import { Race } from './Race';

/** What rows tell: the place, who has it, and what is counted of such things at all. */
function columnsShown(figure: Figure, page: ListPage, by: string): Field[] {
  const every = columnsOf(figure, page.data);
  const counted = (one: Field) =>
    one.name === by || page.data.some((row) => Number(row[one.name] ?? 0) !== 0);
  const measures = new Set(figure.measures.map((one) => one.name));
  const several = new Set(page.data.map((row) => row.currency)).size > 1;
  return every
    .filter((one) => (measures.has(one.name) ? counted(one) : one.name !== 'currency' || several))
    // What the board does not tell of has no name there, but the place.
    .filter((one) => one.label !== '#' || one.name === 'rank');
}

interface BoardProps {
  figure: Figure;
  page: ListPage;
  by: string;
  question: Question;
  addressOf: (day?: string) => string;
}

export function Board({ figure, page, by, question, addressOf }: BoardProps) {
  const text = useText();
  const { days, day, askedOf } = question;
  const search = useMemo(() => askedOf(), [askedOf]);
  const columns = useMemo(() => columnsShown(figure, page, by), [figure, page, by]);
  const measure = figure.measures.find((one) => one.name === by);
  if (page.data.length === 0 && day === undefined) return <Nothing>{text('rankings.none')}</Nothing>;
  return (
    <div className="beside halves">
      {measure !== undefined && day === undefined && (
        <Bars figure={figure} page={page} columns={columns} measure={measure} search={search} lying />
      )}
      {measure !== undefined && day !== undefined && (
        <Race figure={figure} page={page} measure={measure} days={days} day={day} addressOf={addressOf} />
      )}
      <div style={{ minWidth: 0 }}>
        <FigureTable figure={figure} page={page} columns={columns} search={search} />
      </div>
    </div>
  );
}
