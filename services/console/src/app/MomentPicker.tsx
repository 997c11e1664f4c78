/** Apart, because calendars are large and most pages are of now. */
import { DatePicker, Slider, Typography } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { useText } from './preferences';

interface MomentPickerProps {
  value: string | null;
  onChange: (at: Dayjs | null) => void;
}

/** Days that the slider goes back. */
const BACK = 120;

export default function MomentPicker({ value, onChange }: MomentPickerProps) {
  const text = useText();
  const ago = value === null ? 0 : Math.min(BACK, dayjs().diff(dayjs(value), 'day'));
  const [days, setDays] = useState(-ago);
  const told = (back?: number) => text('moment.ago', { n: -(back ?? 0) });
  return (
    <div style={{ width: 300 }}>
      <Typography.Paragraph type="secondary">{text('moment.help')}</Typography.Paragraph>
      <DatePicker
        showTime={{ format: 'HH:mm' }}
        value={value === null ? null : dayjs(value)}
        onChange={onChange}
        maxDate={dayjs()}
        placeholder={text('moment.now')}
        aria-label={text('moment.choose')}
        style={{ width: '100%' }}
      />
      <Slider
        min={-BACK}
        max={0}
        value={days}
        onChange={setDays}
        onChangeComplete={(back) => onChange(back === 0 ? null : dayjs().add(back, 'day'))}
        tooltip={{ formatter: told }}
        ariaLabelForHandle={text('moment.slider')}
      />
      <Typography.Text type="secondary">{told(days)}</Typography.Text>
    </div>
  );
}
