/** A number that leads to the events behind it. */
import type { Field, Figure, Row } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Link } from '../../app/route';
import { currencyOf, format, short } from '../../values/format';
import { useManner } from '../../values/useManner';
import { explanationOf } from './question';

interface ExplainedProps {
  figure: Figure;
  field: Field;
  row: Row;
  search: URLSearchParams;
  brief?: boolean;
}

export function Explained({ figure, field, row, search, brief }: ExplainedProps) {
  const text = useText();
  const manner = useManner();
  const value = format(row[field.name], field, manner, currencyOf(field, row));
  const shown = brief === true ? short(row[field.name], field, manner, currencyOf(field, row)) : value;
  const to = explanationOf(figure, field, row, search);
  if (to === undefined) return <>{shown}</>;
  return (
    <Link to={to} label={text('figure.explain', { name: field.label, value: shown })}>
      {shown}
    </Link>
  );
}
