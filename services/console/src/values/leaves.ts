/** Two states of one thing, value by value: lines are told apart by what they are of. */
import type { Field, Row } from '../api/shapes';
import { headOf } from './format';

export interface Leaf {
  /** Where it stands: the same in both states. */
  path: string;
  label: string;
  field: Field;
  row: Row;
  /** What it lies in, which may say its currency. */
  of: Row;
  /** The line of the thing that it is in, if it is in one. */
  line?: LineName;
}

export interface LineName {
  path: string;
  label: string;
}

export interface Difference {
  path: string;
  label: string;
  line?: LineName;
  before?: Leaf;
  after?: Leaf;
  same: boolean;
}

/** What lines are called, the likeliest first; without any of them they are told by their number. */
const TOLD_BY = ['id', 'name', 'item', 'product', 'revision', 'invoice', 'lot', 'field', 'value'];

function rowsOf(value: unknown): Row[] {
  if (Array.isArray(value)) return value as Row[];
  return typeof value === 'object' && value !== null ? [value as Row] : [];
}

/** Of each row what it is called, where no other is called so. */
function calledOf(rows: Row[]): string[] {
  const by = TOLD_BY.find((name) => {
    const said = rows.map((row) => row[name]);
    return said.every((one) => one !== undefined && one !== null) && new Set(said).size === said.length;
  });
  return rows.map((row, index) => (by === undefined ? String(index + 1) : String(row[by])));
}

export function leavesOf(fields: Field[], row: Row, of: Row = {}, path = '', label = '', line?: LineName): Leaf[] {
  const around = { ...of, ...row };
  return fields.flatMap((field) => {
    const at = path === '' ? field.name : `${path}/${field.name}`;
    const said = label === '' ? headOf(field) : `${label} › ${headOf(field)}`;
    if ((field.fields ?? []).length === 0) return [{ path: at, label: said, field, row, of, line }];
    const rows = rowsOf(row[field.name]);
    // One object alone needs no name.
    const called = Array.isArray(row[field.name]) ? calledOf(rows) : [''];
    return rows.flatMap((one, index) => {
      const name = called[index] ?? '';
      const here = { path: `${at}/${name}`, label: `${said} ${name}`.trim() };
      return leavesOf(field.fields ?? [], one, around, here.path, here.label, line ?? here);
    });
  });
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** A new line is not told of by all that it does not have. */
function isSame(before: Leaf | undefined, after: Leaf | undefined): boolean {
  const values = [before, after].map((one) => one?.row[one.field.name]);
  if (before === undefined || after === undefined) {
    return values.every((one) => isEmpty(one) || one === false);
  }
  return values.every(isEmpty) || JSON.stringify(values[0]) === JSON.stringify(values[1]);
}

/** In the order of what came after; what is gone since stands where it was. */
export function differencesOf(fields: Field[], before: Row, after: Row): Difference[] {
  return fields.flatMap((field) => {
    const [old, now] = [before, after].map((row) => leavesOf([field], row));
    const was = new Map((old ?? []).map((one) => [one.path, one]));
    const is = new Map((now ?? []).map((one) => [one.path, one]));
    return [...new Set([...is.keys(), ...was.keys()])].map((path) => {
      const [from, to] = [was.get(path), is.get(path)];
      const label = to?.label ?? from?.label ?? path;
      return { path, label, line: to?.line ?? from?.line, before: from, after: to, same: isSame(from, to) };
    });
  });
}
