/** Stock by how long it lasts: what runs out first stands first, what nobody takes stands last. */
import type { Row } from '../../api/shapes';

function daysOf(row: Row): number {
  return typeof row.days_of_cover === 'number' ? row.days_of_cover : Infinity;
}

export function firstToRunOut(rows: Row[]): Row[] {
  return [...rows].sort((one, other) => {
    const [mine, its] = [daysOf(one), daysOf(other)];
    return mine === its ? 0 : mine - its;
  });
}
