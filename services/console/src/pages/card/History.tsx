/** How a thing became what it is: each change with the fields before and after. */
import type { Change, Kind } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Differences } from '../../values/Differences';
import { Trail } from './Trail';

interface HistoryProps {
  kind: Kind;
  address: string;
}

export function History({ kind, address }: HistoryProps) {
  const text = useText();
  return (
    <Trail<Change>
      address={`${address}/history`}
      said={(change) => text('card.version', { n: change.version })}
    >
      {(change) => <Changes kind={kind} change={change} />}
    </Trail>
  );
}

function Changes({ kind, change }: { kind: Kind; change: Change }) {
  const fields = (kind.fields ?? []).filter((one) => one.name in change.changes);
  if (fields.length === 0) return null;
  const side = (which: 'from' | 'to') =>
    Object.fromEntries(Object.entries(change.changes).map(([name, one]) => [name, one[which]]));
  return (
    <div className="change">
      <Differences fields={fields} before={side('from')} after={side('to')} />
    </div>
  );
}
