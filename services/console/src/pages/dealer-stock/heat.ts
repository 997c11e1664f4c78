/** A row for each dealer and a column for each item, made of the figure's rows. */
import type { Row } from '../../api/shapes';

export interface Heat {
  places: string[];
  items: string[];
  /** Column, row, value and the figure's row behind each; what is not known is left out. */
  cells: { at: [number, number, number]; row: Row }[];
}

export function heatOf(rows: Row[], measure: string): Heat {
  const places = [...new Set(rows.map((row) => String(row.location)))];
  const items = [...new Set(rows.map((row) => String(row.item)))].sort();
  const cells = rows.flatMap((row) => {
    const value = row[measure];
    if (typeof value !== 'number') return [];
    const at = [items.indexOf(String(row.item)), places.indexOf(String(row.location)), value];
    return [{ at: at as [number, number, number], row }];
  });
  return { places, items, cells };
}

/** Days of cover below which goods run out before the next delivery, are few, or are too many. */
export const COVER = { none: 1, few: 7, enough: 21, many: 60 };

/** What runs out first comes first: least cover, of what goes out at all. */
export function runningOut(rows: Row[], most: number): Row[] {
  return rows
    .filter((row) => typeof row.days_of_cover === 'number' && row.days_of_cover < COVER.few)
    .sort((one, other) => Number(one.days_of_cover) - Number(other.days_of_cover))
    .slice(0, most);
}
