/** The conditions that hold, each with a way to lift it. */
import { Button, Tag } from 'antd';
import { useKnown } from '../../api/catalogue';
import type { Field, Kind, Names } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { format } from '../../values/format';
import { useManner } from '../../values/useManner';
import { changed, conditionsOf, nameOf, withoutCondition, type Condition } from './asked';

interface ConditionsProps {
  kind: Kind;
  search: URLSearchParams;
  ask: (next: URLSearchParams) => void;
  names: Names | undefined;
}

function useWords(kind: Kind, names: Names | undefined) {
  const known = useKnown();
  const manner = useManner();
  const text = useText();
  const valueOf = (field: Field | undefined, { operator, value }: Condition) => {
    if (operator === 'empty') return text(value === 'true' ? 'value.yes' : 'value.no');
    if (field === undefined) return value;
    const typed = field.type === 'integer' ? Number(value) : value;
    return names?.[field.name]?.[value] ?? format(typed, field, manner);
  };
  return (one: Condition) => {
    const field = kind.fields?.find((each) => each.name === one.field);
    const operator = known.all.operators.find((each) => each.name === one.operator)?.label;
    return [field?.label ?? one.field, operator ?? '=', valueOf(field, one)].join(' ');
  };
}

export function Conditions({ kind, search, ask, names }: ConditionsProps) {
  const text = useText();
  const words = useWords(kind, names);
  const conditions = conditionsOf(search);
  if (conditions.length === 0) return null;
  const clear = () =>
    ask(changed(search, (next) => conditions.forEach((one) => next.delete(nameOf(one)))));
  return (
    <div className="bar" aria-label={text('list.filters')} role="group">
      {conditions.map((one) => (
        <Tag
          key={`${nameOf(one)}=${one.value}`}
          closable={{ 'aria-label': text('list.remove', { name: words(one) }) }}
          onClose={(event) => {
            event.preventDefault();
            ask(withoutCondition(search, one));
          }}
        >
          {words(one)}
        </Tag>
      ))}
      <Button type="link" size="small" onClick={clear}>
        {text('list.clear')}
      </Button>
    </div>
  );
}
