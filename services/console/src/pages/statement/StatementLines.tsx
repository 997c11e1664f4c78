/** The lines of a statement, each with what is owed after it, and what both sides say of it. */
import { Button, Space, Tag, Typography } from 'antd';
import { useState } from 'react';
import { useKnown } from '../../api/catalogue';
import type { Kind, Row } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Link, useMoment } from '../../app/route';
import { FileTable } from '../../tables/FileTable';
import { paged } from '../../tables/rows';
import { headOf, money } from '../../values/format';
import { useManner } from '../../values/useManner';
import { Value } from '../../values/Value';
import { commandFor, documentOf, stateOf, type RunningLine } from './running';
import { SayOfLine, type Said } from './SayOfLine';

interface StatementLinesProps {
  kind: Kind;
  statement: Row;
  lines: RunningLine[];
}

const TOLD = ['quantity', 'goods', 'amount'];

export function StatementLines({ kind, statement, lines }: StatementLinesProps) {
  const text = useText();
  const known = useKnown();
  const manner = useManner();
  const past = useMoment() !== null;
  const [said, setSaid] = useState<Said | null>(null);
  const fields = kind.fields?.find((one) => one.name === 'lines')?.fields ?? [];
  const field = (name: string) => fields.find((one) => one.name === name);
  const [entry, day] = [field('entry'), field('day')];
  const document = (line: Row) => {
    const thing = known.thingOf(documentOf(line));
    const to = thing && known.cardOf(thing.kind.name, thing.id);
    return to === undefined ? String(line.document) : <Link to={to}>{String(line.document)}</Link>;
  };
  const may = (line: Row) => {
    const command = past ? undefined : known.command(commandFor(statement.status, line) ?? '');
    return (
      command !== undefined && (
        <Button size="small" onClick={() => setSaid({ command, line })}>
          {text(command.name === 'dispute-statement-line' ? 'statement.dispute' : 'statement.settle')}
        </Button>
      )
    );
  };
  return (
    <>
      <FileTable<RunningLine>
        file="statement-lines"
        rowKey={(line) => String(line.line)}
        dataSource={lines}
        pagination={paged(50)}
        columns={[
          { title: day && headOf(day), render: (_, line) => String(line.day) },
          { title: entry && headOf(entry), render: (_, line) => entry && <Value field={entry} row={line} /> },
          { title: field('document')?.label, render: (_, line) => document(line) },
          ...TOLD.map(field)
            .filter((one) => one !== undefined)
            .map((one) => ({
              title: headOf(one),
              className: 'number',
              render: (_: unknown, line: RunningLine) =>
                line[one.name] === 0 ? text('value.none') : <Value field={one} row={line} of={statement} />,
            })),
          {
            title: text('statement.balance'),
            className: 'number',
            render: (_, line) => money(line.balance, String(statement.currency), manner),
          },
          {
            title: text('statement.said'),
            render: (_, line) => (
              <Space>
                {may(line)}
                <WhatWasSaid line={line} />
              </Space>
            ),
          },
        ]}
      />
      {said !== null && <SayOfLine said={said} statement={statement} onClose={() => setSaid(null)} />}
    </>
  );
}

function WhatWasSaid({ line }: { line: Row }) {
  const text = useText();
  const state = stateOf(line);
  if (state === 'agreed') return null;
  return (
    <span>
      <Tag color={state === 'disputed' ? 'error' : 'success'}>{text(`statement.is.${state}`)}</Tag>
      {String(line.disputed)}
      {state === 'settled' && <Typography.Text type="secondary"> → {String(line.outcome)}</Typography.Text>}
    </span>
  );
}
