/** Periods that people ask for, as the days from and to which they reach. */
import dayjs, { type Dayjs } from 'dayjs';
import type { TextName } from '../../texts';

export const DAY = 'YYYY-MM-DD';

export interface Period {
  name: string;
  label: TextName;
  days: (today: Dayjs) => [Dayjs, Dayjs] | null;
}

const MONTHS_OF_QUARTER = 3;

function quarter(today: Dayjs): Dayjs {
  return today.month(today.month() - (today.month() % MONTHS_OF_QUARTER)).startOf('month');
}

export const PERIODS: Period[] = [
  { name: 'month', label: 'period.month', days: (day) => [day.startOf('month'), day] },
  {
    name: 'last-month',
    label: 'period.lastMonth',
    days: (day) => {
      const before = day.startOf('month').subtract(1, 'day');
      return [before.startOf('month'), before];
    },
  },
  { name: 'quarter', label: 'period.quarter', days: (day) => [quarter(day), day] },
  { name: 'year', label: 'period.year', days: (day) => [day.startOf('year'), day] },
  { name: 'all', label: 'period.all', days: () => null },
];

/** Which of them the days in an address are. */
export function periodOf(first: string | null, last: string | null, today: Dayjs): string {
  if (first === null && last === null) return 'all';
  const found = PERIODS.find((one) => {
    const days = one.days(today);
    return days !== null && days[0].format(DAY) === first && days[1].format(DAY) === last;
  });
  return found?.name ?? 'other';
}

export function dayOf(value: string | null): Dayjs | null {
  return value === null ? null : dayjs(value);
}
