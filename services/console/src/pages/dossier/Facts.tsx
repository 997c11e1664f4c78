/** The fields of a thing that tell most of it, as far as they are filled. */
import { Card } from 'antd';
import type { Dossier, Kind } from '../../api/shapes';
import { Fact } from '../../values/Fact';
import { headOf } from '../../values/format';
import { Value } from '../../values/Value';

interface FactsProps {
  kind: Kind;
  dossier: Dossier;
  fields: string[];
}

export function Facts({ kind, dossier: { data, names }, fields }: FactsProps) {
  const filled = fields
    .map((name) => kind.fields?.find((one) => one.name === name))
    .filter((one) => one !== undefined)
    .filter((one) => data[one.name] !== undefined && data[one.name] !== null && data[one.name] !== '');
  if (filled.length === 0) return null;
  return (
    <Card size="small">
      <dl className="fields facts">
        {filled.map((field) => (
          <Fact key={field.name} label={headOf(field)}>
            <Value field={field} row={data} names={names} />
          </Fact>
        ))}
      </dl>
    </Card>
  );
}
