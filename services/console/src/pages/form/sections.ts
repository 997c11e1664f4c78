/** The fields of a form by what they mean: whom it is of, what, by when; what is needed first. */
import type { Command, Field } from '../../api/shapes';
import type { TextName } from '../../texts';
import { isOwnId, isSeldom } from './values';

export interface Section {
  title: TextName;
  fields: Field[];
}

export const FOLDED: TextName = 'form.more';
export const LINES: TextName = 'form.lines';
/** Wherever they are, these come last. */
const LAST: TextName[] = ['form.own', 'form.notes', FOLDED];

export const LONG = /text|reason|comment|note|about/;

function isNeeded(field: Field): boolean {
  return field.optional !== true;
}

function titleOf(field: Field, command: Command): TextName {
  const isNumbered = isOwnId(field, command) && !isNeeded(field);
  if (isSeldom(field) || isNumbered) return FOLDED;
  if (field.name.startsWith('own_')) return 'form.own';
  if ((field.fields ?? []).length > 0) return LINES;
  if (!isOwnId(field, command) && (field.names ?? []).length > 0) return 'form.who';
  if (field.type === 'instant' || field.type === 'day') return 'form.when';
  return field.type === 'text' && LONG.test(field.name) ? 'form.notes' : 'form.what';
}

/** In the order of their first fields, those with something needed before the others. */
export function sectionsOf(command: Command, but: string[] = []): Section[] {
  const asked = command.fields.filter((one) => !but.includes(one.name));
  const ordered = [...asked.filter(isNeeded), ...asked.filter((one) => !isNeeded(one))];
  const found = new Map<TextName, Field[]>();
  for (const field of ordered) {
    const title = titleOf(field, command);
    found.set(title, [...(found.get(title) ?? []), field]);
  }
  const place = (title: TextName) => LAST.indexOf(title);
  return [...found]
    .map(([title, fields]) => ({ title, fields }))
    .sort((one, other) => place(one.title) - place(other.title));
}

/** Without headings, what stands between two tables is one. */
export function joined(sections: Section[]): Section[] {
  return sections.reduce<Section[]>((all, one) => {
    const last = all.at(-1);
    if (last === undefined || last.title === LINES || one.title === LINES) return [...all, one];
    return [...all.slice(0, -1), { ...last, fields: [...last.fields, ...one.fields] }];
  }, []);
}
