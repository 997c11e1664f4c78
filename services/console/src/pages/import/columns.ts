/** The header of a file, and which field each of its columns is for. */
import type { Field } from '../../api/shapes';

export const PASSED_OVER = '';

/** UTF-8 where the bytes are that, else what spreadsheets in China write. */
export function decoded(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

/** The cells of the first line; a quoted one may hold commas and, doubled, quotation marks. */
export function headerOf(text: string): string[] {
  const cells: string[] = [];
  let [cell, quoted] = ['', false];
  for (let at = text.startsWith('\ufeff') ? 1 : 0; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (quoted && sign === '"' && text.charAt(at + 1) === '"') {
      cell += '"';
      at += 1;
    } else if (sign === '"') quoted = !quoted;
    else if (!quoted && (sign === ',' || sign === '\n' || sign === '\r')) {
      cells.push(cell.trim());
      cell = '';
      if (sign !== ',') return cells;
    } else cell += sign;
  }
  return [...cells, cell.trim()];
}

function folded(words: string): string {
  return words.toLowerCase().replace(/[\s_-]/g, '');
}

/** The field that a column names by itself, as the platform would find it. */
export function fieldFor(column: string, fields: Field[]): Field | undefined {
  const wanted = folded(column);
  return fields.find((one) => folded(one.name) === wanted || folded(one.label) === wanted);
}

export interface Asked {
  command: string;
  name: string;
  mapping: Record<string, string>;
  dryRun: boolean;
  partial: boolean;
}

export function askedOf({ command, name, mapping, dryRun, partial }: Asked): URLSearchParams {
  const query = new URLSearchParams({ command, name, dry_run: String(dryRun) });
  if (partial) query.set('partial', 'true');
  for (const [column, field] of Object.entries(mapping)) query.append('map', `${column}=${field}`);
  return query;
}
