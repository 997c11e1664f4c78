/** What somebody may see and do, out of the grants that the server tells. */
import type { components } from '../../api/schema';
import type { Known } from '../../api/catalogue';
import type { Kind } from '../../api/shapes';

export type Grant = components['schemas']['GrantShape'];

export interface Right {
  action: string;
  label: string;
  roles: string[];
  /** Who may confirm it; null where it waits for nobody. */
  confirmedBy: string[] | null;
}

export interface Area {
  name: string;
  label: string;
  reads: Right[];
  commands: Right[];
}

/** `command:orders/draft-order` says what may be done, in which area, and its name. */
export function partsOf(action: string): { verb: string; area: string; name: string } {
  const [verb = '', rest = ''] = action.split(':');
  const [area = '', name = ''] = rest.includes('/') ? rest.split('/') : ['', rest];
  return { verb, area, name };
}

export function labelOf(action: string, known: Known): string {
  const { verb, name } = partsOf(action);
  if (verb === 'command') return known.command(name)?.label ?? name;
  return known.view(name) ?? known.kind(name)?.label ?? name;
}

export function rightOf(action: string, grants: Grant[], known: Known): Right | undefined {
  const found = grants.filter((one) => one.action === action);
  if (found.length === 0) return undefined;
  return {
    action,
    label: labelOf(action, known),
    roles: [...new Set(found.map((one) => one.role))],
    confirmedBy: found[0]?.confirmed_by ?? null,
  };
}

/** By area, in the order of the catalogue. */
export function areasOf(grants: Grant[], known: Known): Area[] {
  const actions = [...new Set(grants.map((one) => one.action))];
  return known.all.contexts
    .map(({ name, label }) => {
      const of = (verb: string) =>
        actions
          .filter((one) => partsOf(one).area === name && partsOf(one).verb === verb)
          .map((one) => rightOf(one, grants, known))
          .filter((one) => one !== undefined);
      return { name, label, reads: of('read'), commands: of('command') };
    })
    .filter((one) => one.reads.length + one.commands.length > 0);
}

/** What could be granted of a thing that is there: to see it, and each of the commands for it. */
export function actionsOf(kind: Kind, known: Known): string[] {
  const list = (kind.address ?? '').slice(1);
  const commands = (kind.commands ?? [])
    .filter((name) => known.command(name)?.begins !== true)
    .map((name) => `command:${kind.context}/${name}`);
  return [`read:${kind.context}/${list}`, ...commands];
}
