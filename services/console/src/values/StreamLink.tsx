/** The thing that an event is of, by its kind's label and its id. */
import { useKnown } from '../api/catalogue';
import { Link } from '../app/route';

export function StreamLink({ stream }: { stream: string }) {
  const known = useKnown();
  const thing = known.thingOf(stream);
  if (thing === undefined) return <>{stream}</>;
  const words = `${thing.kind.label} ${thing.id}`;
  const to = known.cardOf(thing.kind.name, thing.id);
  return to === undefined ? <>{words}</> : <Link to={to}>{words}</Link>;
}
