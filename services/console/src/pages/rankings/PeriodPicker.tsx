/** A period by name, or any days. */
import { DatePicker, Segmented } from 'antd';
import dayjs from 'dayjs';
import { useText } from '../../app/preferences';
import { useMoment } from '../../app/route';
import { DAY, dayOf, periodOf, PERIODS } from './periods';

interface PeriodPickerProps {
  first: string | null;
  last: string | null;
  onChange: (days: { first?: string; last?: string }) => void;
}

export function PeriodPicker({ first, last, onChange }: PeriodPickerProps) {
  const text = useText();
  const moment = useMoment();
  const today = moment === null ? dayjs() : dayjs(moment);
  const choose = (name: string) => {
    const days = PERIODS.find((one) => one.name === name)?.days(today);
    onChange(days ? { first: days[0].format(DAY), last: days[1].format(DAY) } : {});
  };
  return (
    <>
      <Segmented
        aria-label={text('figure.period')}
        value={periodOf(first, last, today)}
        onChange={choose}
        options={PERIODS.map((one) => ({ value: one.name, label: text(one.label) }))}
      />
      <DatePicker.RangePicker
        value={[dayOf(first), dayOf(last)]}
        allowEmpty
        onChange={(days) =>
          onChange({ first: days?.[0]?.format(DAY), last: days?.[1]?.format(DAY) })
        }
      />
    </>
  );
}
