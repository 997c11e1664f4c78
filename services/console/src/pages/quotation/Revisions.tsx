/** Two revisions of a quotation side by side; the newest beside the one before it, unless chosen. */
import { Card, Select } from 'antd';
import { useState } from 'react';
import type { Field, Row } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Differences } from '../../values/Differences';

/** What a reader compares: not by which rules a price came to be, nor what the state already says. */
const LEFT_OUT = new Set(['revision', 'revision_status', 'line', 'pricing']);

function compared(fields: Field[]): Field[] {
  return fields
    .filter((one) => !LEFT_OUT.has(one.name))
    .map((one) => ({ ...one, fields: compared(one.fields ?? []) }));
}

interface RevisionsProps {
  /** What the catalogue says of a revision. */
  fields: Field[];
  quotation: Row;
}

export function Revisions({ fields, quotation }: RevisionsProps) {
  const text = useText();
  const revisions = (quotation.revisions ?? []) as Row[];
  const numbers = revisions.map((one) => Number(one.revision));
  const [left, setLeft] = useState(numbers.at(-2));
  const [right, setRight] = useState(numbers.at(-1));
  const status = fields.find((one) => one.name === 'revision_status')?.choices ?? [];
  if (revisions.length < 2) return null;
  const of = (number: number | undefined) =>
    revisions.find((one) => one.revision === number) ?? {};
  const called = (number: number) => {
    const stands = status.find((one) => one.value === of(number).revision_status)?.label ?? '';
    return `${text('quotation.revision', { n: number })} · ${stands}`;
  };
  const options = numbers.map((number) => ({ value: number, label: called(number) }));
  const side = (value: number | undefined, choose: (chosen: number) => void, label: string) => (
    <Select value={value} options={options} onChange={choose} aria-label={label} style={{ minWidth: 190 }} />
  );
  return (
    <Card size="small" title={text('quotation.revisions')}>
      <div className="bar">
        {side(left, setLeft, text('compare.from'))}
        {side(right, setRight, text('compare.to'))}
      </div>
      <Differences
        fields={compared(fields)}
        before={{ currency: quotation.currency, ...of(left) }}
        after={{ currency: quotation.currency, ...of(right) }}
        heads={[called(left ?? 1), called(right ?? 1)]}
      />
    </Card>
  );
}
