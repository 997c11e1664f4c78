/** A dealer's statement: from what was owed before to what is owed after, disputed line by line. */
import { App, Button, Card, Segmented, Typography } from 'antd';
import { useState } from 'react';
import { useKnown } from '../../api/catalogue';
import type { Row } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { useMoment } from '../../app/route';
import { money } from '../../values/format';
import { Tiles } from '../../values/Tiles';
import { useManner } from '../../values/useManner';
import type { SectionProps } from '../card/sections';
import { useCommand } from '../form/useCommand';
import { partsOf } from '../form/values';
import { running, stateOf } from './running';
import { StatementLines } from './StatementLines';

const CONFIRM = 'confirm-statement';

export default function Statement({ kind, thing }: SectionProps) {
  const text = useText();
  const manner = useManner();
  const [disputedOnly, setDisputedOnly] = useState(false);
  const { data } = thing;
  const currency = String(data.currency);
  const lines = running(Number(data.opening), (data.lines ?? []) as Row[]);
  const disputed = lines.filter((one) => stateOf(one) === 'disputed');
  const of = (name: string) => kind.fields?.find((one) => one.name === name)?.label ?? name;
  const sum = (sign: number) =>
    lines.reduce((sofar, one) => sofar + Math.max(0, sign * Number(one.amount)), 0) * sign;
  // While it is open, `closing` is what the lines alone come to.
  const after = data.status === 'open' ? (lines.at(-1)?.balance ?? Number(data.opening)) : Number(data.closing);
  const amount = (value: number) => money(value, currency, manner);
  return (
    <Card
      size="small"
      title={text('statement.lines')}
      extra={<Confirm data={data} disputed={disputed.length} />}
      styles={{ body: { paddingBottom: 0 } }}
    >
      <Tiles
        tiles={[
          { title: of('opening'), value: amount(Number(data.opening)) },
          { title: text('statement.more'), value: amount(sum(1)) },
          { title: text('statement.less'), value: amount(sum(-1)) },
          { title: text(data.status === 'open' ? 'statement.sofar' : 'statement.closing'), value: amount(after) },
          { title: of('quantity'), value: Number(data.quantity).toLocaleString(manner.language) },
        ]}
      />
      {disputed.length > 0 && (
        <div className="bar">
          <Segmented
            aria-label={text('statement.lines')}
            value={disputedOnly}
            onChange={setDisputedOnly}
            options={[
              { value: false, label: text('statement.every', { n: lines.length }) },
              { value: true, label: text('statement.disputedOnly', { n: disputed.length }) },
            ]}
          />
          <Typography.Text type="secondary">{text('statement.settleFirst')}</Typography.Text>
        </div>
      )}
      <StatementLines kind={kind} statement={data} lines={disputedOnly ? disputed : lines} />
    </Card>
  );
}

/** Whoever may confirm for the dealer does so once nothing is disputed. */
function Confirm({ data, disputed }: { data: Row; disputed: number }) {
  const command = useKnown().command(CONFIRM);
  const past = useMoment() !== null;
  const { message } = App.useApp();
  const { busy, send } = useCommand(command);
  if (command === undefined || past || data.status !== 'sent' || disputed > 0) return null;
  const confirm = async () => {
    const { problem } = await send(partsOf(command, String(data.id)), String(data.version));
    if (problem !== null) void message.error(problem.message);
  };
  return (
    <Button type="primary" size="small" loading={busy} onClick={() => void confirm()}>
      {command.label}
    </Button>
  );
}
