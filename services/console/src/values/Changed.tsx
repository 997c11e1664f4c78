/** A value before or after: what of it differs is struck out or underlined, and a number says by how much. */
import { Typography } from 'antd';
import type { ReactNode } from 'react';
import type { Names } from '../api/shapes';
import { currencyOf, format } from './format';
import type { Difference } from './leaves';
import { useManner } from './useManner';
import { Value } from './Value';
import { piecesOf } from './words';

interface ChangedProps {
  of: Difference;
  side: 'before' | 'after';
  names: Names | undefined;
}

/** Both texts, where they are written by people and in words. */
function textsOf({ before, after, same }: Difference): [string, string] | null {
  const field = after?.field;
  const isWritten = field?.type === 'text' && (field.names ?? []).length === 0 && (field.choices ?? []).length === 0;
  const [was, is] = [before?.row[field?.name ?? ''], after?.row[field?.name ?? '']];
  if (same || !isWritten || field.name === 'status') return null;
  return typeof was === 'string' && typeof is === 'string' ? [was, is] : null;
}

function differenceOf({ before, after, same }: Difference): number | null {
  const [was, is] = [before?.row[before.field.name], after?.row[after.field.name]];
  if (same || typeof was !== 'number' || typeof is !== 'number') return null;
  return is - was;
}

export function Changed({ of, side, names }: ChangedProps): ReactNode {
  const manner = useManner();
  const leaf = of[side];
  if (leaf === undefined) return null;
  const texts = textsOf(of);
  if (texts !== null) {
    const [was, is] = piecesOf(...texts);
    const Mark = side === 'before' ? 'del' : 'ins';
    return (side === 'before' ? was : is).map((one, index) =>
      one.stays ? one.words : <Mark key={`${index} ${one.words}`}>{one.words}</Mark>,
    );
  }
  const value = <Value field={leaf.field} row={leaf.row} of={leaf.of} names={names} />;
  const by = side === 'after' ? differenceOf(of) : null;
  if (by === null) return value;
  const size = format(Math.abs(by), leaf.field, manner, currencyOf(leaf.field, leaf.row, leaf.of));
  return (
    <>
      {value}{' '}
      <Typography.Text type="secondary" className="small">
        {by < 0 ? '▼ −' : '▲ +'}
        {size}
      </Typography.Text>
    </>
  );
}
