/** What may be begun for a thing, and what of it the form then knows already. */
import type { Command, Field, Kind, Row } from '../../api/shapes';

export interface Beginning {
  command: Command;
  to: string;
}

function namesOnly(field: Field, kind: string): boolean {
  return field.many !== true && field.names?.length === 1 && field.names[0] === kind;
}

/** Of a thing that refers to others, those which the command needs are known with it. */
function knownBy(kind: Kind, row: Row, field: Field): string | undefined {
  const [named] = field.names ?? [];
  if (field.optional === true || named === undefined || !namesOnly(field, named)) return undefined;
  const same = (kind.fields ?? []).find((one) => one.name !== 'id' && namesOnly(one, named));
  const value = same === undefined ? undefined : row[same.name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function beginningsOf(commands: Command[], kind: Kind, row: Row): Beginning[] {
  const id = String(row.id);
  return commands.flatMap((command) => {
    const own = command.fields.find((one) => one.name !== 'id' && namesOnly(one, kind.name));
    if (command.begins !== true || command.kind === kind.name || own === undefined) return [];
    const query = new URLSearchParams({ [own.name]: id });
    for (const field of command.fields) {
      const value = field === own ? undefined : knownBy(kind, row, field);
      if (value !== undefined) query.set(field.name, value);
    }
    return [{ command, to: `/commands/${command.name}?${query.toString()}` }];
  });
}
