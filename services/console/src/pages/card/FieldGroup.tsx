/** Some fields of a thing: those that say something, and on demand those that are empty. */
import { Button, Card } from 'antd';
import { useState } from 'react';
import type { Names, Row } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Fact } from '../../values/Fact';
import { headOf } from '../../values/format';
import { Value } from '../../values/Value';
import { isEmpty, type Group } from './groups';

interface FieldGroupProps {
  group: Group;
  row: Row;
  names: Names | undefined;
}

export function FieldGroup({ group, row, names }: FieldGroupProps) {
  const text = useText();
  const [all, setAll] = useState(false);
  const said = group.fields.filter((one) => !isEmpty(row[one.name]));
  const empty = group.fields.length - said.length;
  return (
    <Card size="small" title={text(group.title)}>
      <dl className="fields">
        {(all ? group.fields : said).map((field) => (
          <Fact key={field.name} label={headOf(field)}>
            <Value field={field} row={row} names={names} />
          </Fact>
        ))}
      </dl>
      {empty > 0 && (
        <Button type="link" size="small" aria-expanded={all} onClick={() => setAll(!all)}>
          {text(all ? 'card.fewerFields' : 'card.emptyFields', { n: empty })}
        </Button>
      )}
    </Card>
  );
}
