/** Measures of a dossier's figures as tiles; a figure has a row for each currency. */
import { useKnown } from '../../api/catalogue';
import type { Dossier } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { useMoment } from '../../app/route';
import type { TextName } from '../../texts';
import type { Tile } from '../../values/Tiles';
import { measureTiles } from '../figure/measures';
import { figureRows } from './useDossier';

export interface Told {
  part: string;
  figure: string;
  /** The dimension by which the figure is of the thing. */
  by: string;
  measures: string[];
  /** What the first of them is called here, where its own name says too little. */
  title?: TextName;
  /** What is nothing is left out. */
  filled?: boolean;
}

export function useFigureTiles(dossier: Dossier, told: Told[]): Tile[] {
  const known = useKnown();
  const text = useText();
  const moment = useMoment();
  return told.flatMap(({ part, figure, by, measures, title, filled }) => {
    const declared = known.figure(figure);
    const search = new URLSearchParams({ [by]: String(dossier.data.id), ...(moment ? { as_of: moment } : {}) });
    return declared === undefined
      ? []
      : figureRows(dossier, part).flatMap((row) => {
          const [first, ...others] = measureTiles(declared, row, filled ? measures.filter((name) => row[name] !== 0) : measures, search);
          if (first === undefined) return [];
          return [title === undefined ? first : { ...first, title: text(title) }, ...others];
        });
  });
}
