/** What a form begins with where nothing is known yet: today, and what was chosen last time. */
import dayjs from 'dayjs';
import type { Command, Field, Row } from '../../api/shapes';
import { keepAs, kept } from '../../app/kept';

const STORED = 'distributary.usual';
/** Days on which something begins; when it ends nobody can guess. */
const BEGINS = /(^|_)(from|day)$/;

function isUsual(field: Field): boolean {
  return field.type === 'currency' || (field.names ?? []).includes('warehouse');
}

function usual(): Row {
  return kept<Row>(STORED, {});
}

/** Of what is needed alone: what may be left empty means something by being empty. */
export function begunWith(command: Command): Row {
  if (command.begins !== true) return {};
  const known = usual();
  return Object.fromEntries(
    command.fields
      .filter((one) => one.optional !== true && one.many !== true)
      .map((one): [string, unknown] => {
        if (isUsual(one)) return [one.name, known[one.name]];
        const isToday = one.type === 'day' && BEGINS.test(one.name);
        return [one.name, isToday ? dayjs().format('YYYY-MM-DD') : undefined];
      })
      .filter(([, value]) => value !== undefined),
  );
}

export function keepUsual(command: Command, filled: Row): void {
  const chosen = command.fields
    .filter((one) => isUsual(one) && typeof filled[one.name] === 'string')
    .map((one) => [one.name, filled[one.name]]);
  keepAs(STORED, { ...usual(), ...Object.fromEntries(chosen) });
}

/** What the address of the form says: what it is begun for. */
export function givenIn(command: Command, search: URLSearchParams): Row {
  if (command.begins !== true) return {};
  return Object.fromEntries(
    command.fields.flatMap(({ name, many }) => {
      const value = name === 'id' || many === true ? null : search.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
}
