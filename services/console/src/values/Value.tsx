/** One value, as a link where it is the id of something that has a card. */
import { Tag } from 'antd';
import type { ReactNode } from 'react';
import { useKnown } from '../api/catalogue';
import type { Field, Names, Row } from '../api/shapes';
import { Link } from '../app/route';
import { currencyOf, format } from './format';
import { useManner } from './useManner';

interface ThingLinkProps {
  kinds: string[];
  id: string;
  name?: string;
}

export function ThingLink({ kinds, id, name }: ThingLinkProps) {
  const known = useKnown();
  const to = kinds.map((kind) => known.cardOf(kind, id)).find((one) => one !== undefined);
  const shown = name ?? id;
  return to === undefined || kinds.length !== 1 ? <>{shown}</> : <Link to={to}>{shown}</Link>;
}

interface ValueProps {
  field: Field;
  row: Row;
  of?: Row;
  names?: Names;
}

export function Value({ field, row, of, names }: ValueProps): ReactNode {
  const manner = useManner();
  const value = row[field.name];
  const kinds = field.names ?? [];
  if (kinds.length > 0 && field.many !== true && typeof value === 'string' && value !== '') {
    return <ThingLink kinds={kinds} id={value} name={names?.[field.name]?.[value]} />;
  }
  const shown = format(value, field, manner, currencyOf(field, row, of));
  if (field.name === 'status' && typeof value === 'string') {
    return <Tag className="status">{shown}</Tag>;
  }
  return shown;
}

export function isNumeric(field: Field): boolean {
  return (field.type === 'integer' || field.type === 'number') && field.many !== true;
}
