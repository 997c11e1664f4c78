/** A column for each stage. A deal moves by the command that moves it, and by no other way. */
import { App, Typography } from 'antd';
import { useState } from 'react';
import { useKnown } from '../../api/catalogue';
import type { Row } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { go, useMoment } from '../../app/route';
import { named } from '../../values/format';
import { titleOf } from '../../values/summary';
import { useCommand } from '../form/useCommand';
import { Column } from './Column';
import { CLOSED, type Stage } from './stages';

const MOVE = 'advance-opportunity';
/** What closes a deal asks for more than a stage. */
const CLOSING: Record<string, string> = { won: 'win-opportunity', lost: 'lose-opportunity' };

interface BoardProps {
  pipeline: string;
  stages: Stage[];
  search: URLSearchParams;
  stuck: boolean;
}

export function Board({ pipeline, stages, search, stuck }: BoardProps) {
  const text = useText();
  const known = useKnown();
  const { message } = App.useApp();
  const move = known.command(MOVE);
  const { send } = useCommand(move);
  const [dragged, setDragged] = useState<Row | null>(null);
  const [moving, setMoving] = useState<string | null>(null);
  // Read once: what is stuck does not change while it is looked at.
  const [present] = useState(() => Date.now());
  const moment = useMoment();
  const now = moment === null ? present : Date.parse(moment);
  const to = async (deal: Row, stage: string) => {
    if (deal.stage === stage || moving !== null) return;
    const closing = CLOSING[stage];
    if (closing !== undefined) {
      const id = encodeURIComponent(String(deal.id));
      go(`/commands/${closing}?id=${id}&version=${String(deal.version)}`);
      return;
    }
    setMoving(String(deal.id));
    const { answer, problem } = await send({ id: deal.id, stage }, String(deal.version));
    setMoving(null);
    if (problem !== null) void message.error(problem.message);
    if (answer !== null) {
      const told = { title: titleOf(deal), stage: named('stage', stage, text) };
      void message.success(text('pipeline.moved', told));
    }
  };
  const targets = moment !== null ? [] : [
    ...(move === undefined ? [] : stages.filter((one) => !CLOSED.includes(one.name))),
    ...stages.filter((one) => known.command(CLOSING[one.name] ?? '') !== undefined),
  ].map((one) => one.name);
  return (
    <section aria-label={text('pipeline.board')}>
      {targets.length > 0 && (
        <Typography.Paragraph type="secondary">{text('pipeline.help')}</Typography.Paragraph>
      )}
      <div className="board">
        {stages
          .filter((one) => !CLOSED.includes(one.name))
          .map((stage) => (
            <Column
              key={stage.name}
              pipeline={pipeline}
              stage={stage}
              search={search}
              stuck={stuck}
              now={now}
              targets={targets}
              moving={moving}
              onDrag={setDragged}
              onDrop={() => dragged !== null && void to(dragged, stage.name)}
              onMove={(deal, name) => void to(deal, name)}
            />
          ))}
      </div>
    </section>
  );
}
