/** The fields of a thing by group, and its lines as tables. */
import { Suspense } from 'react';
import type { Kind, Thing } from '../../api/shapes';
import { Loading } from '../../app/states';
import { Together } from '../../app/Together';
import { Lines } from '../../values/Lines';
import { FieldGroup } from './FieldGroup';
import { groupsOf, tablesOf } from './groups';
import { SECTIONS } from './sections';

interface OverviewProps {
  kind: Kind;
  thing: Thing;
}

export function Overview({ kind, thing }: OverviewProps) {
  const { data, names } = thing;
  const { Section, shows = [] } = SECTIONS[kind.name] ?? {};
  return (
    <Suspense fallback={<Loading />}>
      <Together className="stack">
        {Section !== undefined && <Section kind={kind} thing={thing} />}
        <div className="packed">
          {groupsOf(kind).map((group) => (
            <FieldGroup key={group.title} group={group} row={data} names={names} />
          ))}
        </div>
        {tablesOf(kind, shows).map((field) => (
          <Lines key={field.name} field={field} of={data} />
        ))}
      </Together>
    </Suspense>
  );
}
