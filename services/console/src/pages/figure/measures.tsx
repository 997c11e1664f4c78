/** Measures of one row of a figure as tiles, each leading to the events behind it. */
import type { Figure, Row } from '../../api/shapes';
import { headOf } from '../../values/format';
import type { Tile } from '../../values/Tiles';
import { Explained } from './Explained';

export function measureTiles(
  figure: Figure,
  row: Row,
  names: string[],
  search = new URLSearchParams(),
): Tile[] {
  return names
    .map((name) => figure.measures.find((one) => one.name === name))
    .filter((one) => one !== undefined)
    .filter((one) => row[one.name] !== undefined)
    .map((one) => ({
      title: headOf(one),
      value: <Explained figure={figure} field={one} row={row} search={search} brief />,
    }));
}
