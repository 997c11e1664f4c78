/** What the address of the rankings asks: of which days, and in a race of each of its frames. */
import dayjs from 'dayjs';
import { useMemo } from 'react';
import { MOMENT } from '../../app/route';
import { framesOf, paceOf, type Pace } from './frames';

export const BOARD = 'board';
export const RACE = 'race';
export const AT = 'at';
const OF_PAGE = new Set([BOARD, RACE, AT]);
/** So many rows are asked for, of a race as many as the eye follows. */
const [TOP, IN_RACE] = ['20', '12'];

export interface Question {
  pace: Pace | null;
  /** The frames of the race, and the one that is looked at. */
  days: string[];
  day: string | undefined;
  /** The parameters of the read up to that day, and of the day that is looked at by default. */
  askedOf: (day?: string) => URLSearchParams;
}

export function useQuestion(search: URLSearchParams): Question {
  const query = search.toString();
  return useMemo(() => {
    const told = new URLSearchParams(query);
    const pace = paceOf(told.get(RACE));
    const moment = told.get(MOMENT);
    const today = moment === null ? dayjs() : dayjs(moment);
    const days = pace === null ? [] : framesOf(pace, told.get('first'), told.get('last'), today);
    const day = days.find((one) => one === told.get(AT)) ?? days.at(-1);
    const askedOf = (last = day) => {
      const asked = new URLSearchParams([...told].filter(([name]) => !OF_PAGE.has(name)));
      if (!asked.has('top')) asked.set('top', pace === null ? TOP : IN_RACE);
      if (last !== undefined) asked.set('last', last);
      return asked;
    };
    return { pace, days, day, askedOf };
  }, [query]);
}
