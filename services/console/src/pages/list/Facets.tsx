/** How many there are of each value, as buttons that filter by it. */
import { Button, Typography } from 'antd';
import type { Facet, Field, Kind } from '../../api/shapes';
import { usePreferences, useText } from '../../app/preferences';
import { format } from '../../values/format';
import { useManner } from '../../values/useManner';
import { withCondition, withoutCondition } from './asked';

interface FacetsProps {
  kind: Kind;
  facets: Record<string, Facet> | undefined;
  /** Whether there are more rows than were counted. */
  atLeast: boolean;
  search: URLSearchParams;
  ask: (next: URLSearchParams) => void;
}

/** One value alone tells nothing, unless it is what was asked for. */
function isAsked(search: URLSearchParams, name: string): boolean {
  return search.has(name) || search.has(`${name}.empty`);
}

export function Facets({ kind, facets, atLeast, search, ask }: FacetsProps) {
  const shown = Object.entries(facets ?? {}).flatMap(([name, facet]) => {
    const field = kind.fields?.find((one) => one.name === name);
    return field === undefined || facet.values.length < 2 && !isAsked(search, name) ? [] : [{ field, facet }];
  });
  return shown.map(({ field, facet }) => (
    <OneFacet key={field.name} field={field} facet={facet} atLeast={atLeast} search={search} ask={ask} />
  ));
}

interface OneFacetProps extends Pick<FacetsProps, 'atLeast' | 'search' | 'ask'> {
  field: Field;
  facet: Facet;
}

function OneFacet({ field, facet, atLeast, search, ask }: OneFacetProps) {
  const text = useText();
  const manner = useManner();
  const { language } = usePreferences();
  const count = new Intl.NumberFormat(language);
  const toggle = (value: string | null) => {
    const one =
      value === null
        ? { field: field.name, operator: 'empty', value: 'true' }
        : { field: field.name, operator: '', value };
    const name = value === null ? `${field.name}.empty` : field.name;
    const holds = search.getAll(name).includes(one.value);
    ask(holds ? withoutCondition(search, one) : withCondition(search, one));
  };
  return (
    <div className="bar facet" role="group" aria-label={field.label}>
      <Typography.Text type="secondary">{field.label}</Typography.Text>
      {facet.values.map(({ value, count: n }) => {
        const holds = value !== null && search.getAll(field.name).includes(value);
        return (
          <Button
            key={value ?? ''}
            size="small"
            shape="round"
            type={holds ? 'primary' : 'default'}
            aria-pressed={holds}
            onClick={() => toggle(value)}
          >
            {value === null ? text('list.noValue') : format(value, field, manner)}{' '}
            {count.format(n)}
            {atLeast && '+'}
          </Button>
        );
      })}
    </div>
  );
}
