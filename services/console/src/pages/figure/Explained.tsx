/** A number that leads to the events behind it. */
import type { Field, Figure, Row } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Link } from '../../app/route';
import { currencyOf, format } from '../../values/format';
import { useManner } from '../../values/useManner';
import { explanationOf } from './question';

interface ExplainedProps {
  figure: Figure;
  field: Field;
  row: Row;
  search: URLSearchParams;
}

export function Explained({ figure, field, row, search }: ExplainedProps) {
  const text = useText();
  const manner = useManner();
  const value = format(row[field.name], field, manner, currencyOf(field, row));
  const to = explanationOf(figure, field, row, search);
  if (to === undefined) return <>{value}</>;
  return (
    <Link to={to} label={text('figure.explain', { name: field.label, value })}>
      {value}
    </Link>
  );
}
