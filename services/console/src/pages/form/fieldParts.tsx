/** What the inputs of a form have in common, in a grid and in a table. */
import { ArrowUpOutlined, DeleteOutlined, QuestionCircleOutlined } from '@ant-design/icons';
import { Button, Tooltip } from 'antd';
import type { Command, Field, Row } from '../../api/shapes';
import { useText, type Translate } from '../../app/preferences';
import { headOf, plain } from '../../values/format';
import type { FieldPath } from './values';

export interface Shared {
  command: Command;
  currency: string | undefined;
  /** Whether a field may stay empty, whatever the catalogue says of it. */
  free?: (field: Field) => boolean;
  /** What is to be known of a field besides its help. */
  note?: (field: Field) => string | undefined;
  /** The thing that the form is of, as it is. */
  record?: Row;
}

export interface OneFieldProps extends Shared {
  field: Field;
  path: FieldPath;
}

/** The help speaks of the units of the API; a share is filled in per cent. */
const OF_UNITS = /basis points|万分/;

export function helpOf(field: Field): string | undefined {
  const about = field.about ?? undefined;
  if (about === undefined || (field.unit === 'basis_points' && OF_UNITS.test(about))) return undefined;
  return plain(about);
}

export function isNeededIn(field: Field, { free }: Pick<Shared, 'free'>): boolean {
  return field.optional !== true && field.type !== 'truth' && free?.(field) !== true;
}

export function rulesOf(field: Field, shared: Pick<Shared, 'free'>, text: Translate) {
  const message = text('form.required', { name: headOf(field) });
  return isNeededIn(field, shared) ? [{ required: true, message }] : [];
}

export function Help({ field }: { field: Field }) {
  const help = helpOf(field);
  if (help === undefined) return null;
  return (
    <Tooltip title={help} trigger={['hover', 'click']}>
      <QuestionCircleOutlined className="help" aria-label={help} role="img" />
    </Tooltip>
  );
}

interface RowButtonsProps {
  index: number;
  onUp: () => void;
  onRemove: () => void;
}

export function RowButtons({ index, onUp, onRemove }: RowButtonsProps) {
  const text = useText();
  return (
    <span className="row-buttons">
      <Button
        type="text"
        size="small"
        icon={<ArrowUpOutlined />}
        aria-label={text('form.moveUp', { n: index + 1 })}
        disabled={index === 0}
        onClick={onUp}
      />
      <Button
        type="text"
        size="small"
        icon={<DeleteOutlined />}
        aria-label={text('form.removeRow', { n: index + 1 })}
        onClick={onRemove}
      />
    </span>
  );
}
