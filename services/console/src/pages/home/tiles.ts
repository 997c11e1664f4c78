/** The figures of a month as tiles: money by its currency, counts over all of them. */
import type { Field, Row } from '../../api/shapes';

export interface Tile {
  field: Field;
  value: number;
  currency: string | undefined;
}

export function tilesOf(measures: Field[], rows: Row[]): Tile[] {
  return measures.flatMap((field): Tile[] => {
    const of = (row: Row) => Number(row[field.name] ?? 0);
    if (field.unit !== 'minor') {
      const value = rows.reduce((sum, row) => sum + of(row), 0);
      return [{ field, value, currency: undefined }];
    }
    return rows
      .filter((row) => typeof row.currency === 'string' && row.currency !== '')
      .map((row) => ({ field, value: of(row), currency: String(row.currency) }));
  });
}
