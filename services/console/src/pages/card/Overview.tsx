/** The fields of a thing by group, and its lines as tables. */
import { Card } from 'antd';
import { Suspense } from 'react';
import type { Kind, Thing } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Loading } from '../../app/states';
import { Together } from '../../app/Together';
import { Fact } from '../../values/Fact';
import { headOf } from '../../values/format';
import { Lines } from '../../values/Lines';
import { Value } from '../../values/Value';
import { groupsOf, tablesOf } from './groups';
import { SECTIONS } from './sections';

interface OverviewProps {
  kind: Kind;
  thing: Thing;
}

export function Overview({ kind, thing }: OverviewProps) {
  const text = useText();
  const { data, names } = thing;
  const { Section, shows = [] } = SECTIONS[kind.name] ?? {};
  return (
    <Suspense fallback={<Loading />}>
      <Together className="stack">
        {Section !== undefined && <Section kind={kind} thing={thing} />}
        <div className="packed">
          {groupsOf(kind).map(({ title, fields }) => (
            <Card key={title} size="small" title={text(title)}>
              <dl className="fields">
                {fields.map((field) => (
                  <Fact key={field.name} label={headOf(field)}>
                    <Value field={field} row={data} names={names} />
                  </Fact>
                ))}
              </dl>
            </Card>
          ))}
        </div>
        {tablesOf(kind, shows).map((field) => (
          <Lines key={field.name} field={field} of={data} />
        ))}
      </Together>
    </Suspense>
  );
}
