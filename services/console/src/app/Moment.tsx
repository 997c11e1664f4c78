/** Looks back: every page shows what was so at the moment chosen here, until it is left again. */
import { CaretLeftOutlined, CaretRightOutlined, HistoryOutlined } from '@ant-design/icons';
import { Button, Popover, Space } from 'antd';
import dayjs from 'dayjs';
import { lazy, Suspense } from 'react';
import { withQuery } from '../api/client';
import { instant } from '../values/format';
import { useManner } from '../values/useManner';
import { useText } from './preferences';
import { go, MOMENT, usePlace } from './route';

const MomentPicker = lazy(() => import('./MomentPicker'));
/** Commands are given now, events are as they are. */
const TIMELESS = new Set(['', 'commands', 'events', 'operations', 'settings', 'access', 'import', 'stream']);

export function Moment() {
  const text = useText();
  const manner = useManner();
  const { path, search } = usePlace();
  const moment = search.get(MOMENT);
  if (TIMELESS.has(path.split('/')[1] ?? '') && moment === null) return null;
  const look = (at: dayjs.Dayjs | null) => {
    const next = new URLSearchParams(search);
    next.delete('cursor');
    if (at === null || at.isAfter(dayjs())) next.delete(MOMENT);
    else next.set(MOMENT, at.toISOString());
    go(withQuery(path, next), { leaveMoment: true });
  };
  const at = moment === null ? dayjs() : dayjs(moment);
  const picker = (
    <Suspense fallback={null}>
      <MomentPicker value={moment} onChange={look} />
    </Suspense>
  );
  return (
    <Space.Compact className={moment === null ? 'moment' : 'moment past'}>
      <Button
        icon={<CaretLeftOutlined />}
        aria-label={text('moment.earlier')}
        onClick={() => look(at.subtract(1, 'day'))}
      />
      <Popover trigger="click" placement="bottomRight" content={picker}>
        <Button icon={<HistoryOutlined />}>
          {moment === null ? text('moment.now') : instant(moment, manner)}
        </Button>
      </Popover>
      {moment !== null && (
        <>
          <Button
            icon={<CaretRightOutlined />}
            aria-label={text('moment.later')}
            onClick={() => look(at.add(1, 'day'))}
          />
          <Button onClick={() => look(null)}>{text('moment.leave')}</Button>
        </>
      )}
    </Space.Compact>
  );
}
