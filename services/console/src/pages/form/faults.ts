/** What is wrong with a form, each told so that its field is found. */
import type { Field } from '../../api/shapes';
import { headOf } from '../../values/format';
import type { FieldPath } from './values';

export interface FormFault {
  path: FieldPath;
  words: string;
}

const STEP = ' › ';

/** `lines`, 1, `quantity` is called "Lines 2 › Quantity". */
export function labelOf(fields: Field[], path: FieldPath): string {
  const [name, ...rest] = path;
  const field = fields.find((one) => one.name === name);
  if (field === undefined) return path.join(STEP);
  const [row, ...within] = rest;
  if (typeof row !== 'number') return headOf(field);
  const here = `${headOf(field)} ${row + 1}`;
  return within.length === 0 ? here : `${here}${STEP}${labelOf(field.fields ?? [], within)}`;
}

/** What says itself what it is about is told after its line alone. */
function wordsOf(fields: Field[], path: FieldPath, said: string): string {
  const steps = labelOf(fields, path).split(STEP);
  const own = steps.at(-1) ?? '';
  const where = said.includes(own) ? steps.slice(0, -1) : steps;
  return where.length === 0 ? said : `${where.join(STEP)}: ${said}`;
}

export function faultsOf(fields: Field[], found: { name: FieldPath; errors: string[] }[]): FormFault[] {
  return found
    .filter((one) => one.errors.length > 0)
    .map(({ name, errors }) => ({ path: name, words: wordsOf(fields, name, errors.join(' ')) }));
}
