/** The reader's own calendar for other programs: its private address, made, shown once and ended. */
import { CalendarOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Card, Space, Typography } from 'antd';
import { useState } from 'react';
import { request } from '../../api/client';
import type { CalendarAddress as Address, MadeCalendarAddress, Thing } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { useAttempt } from '../../app/useAttempt';
import { instant } from '../../values/format';
import { useManner } from '../../values/useManner';

const PATH = '/calendar-address';
const KEY = ['calendar-address'];

export default function CalendarAddress({ thing }: { thing: Thing }) {
  const text = useText();
  const manner = useManner();
  const queries = useQueryClient();
  const { modal } = App.useApp();
  const { busy, problem, attempt } = useAttempt();
  const [url, setUrl] = useState<string | null>(null);
  const found = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => request<Address>(PATH, { signal }),
    retry: false,
  });
  // An account that is no person's has no calendar, and nobody makes the address of another's.
  if (found.data === undefined || found.data.person !== thing.data.id) return null;
  const { made_at: made, last_used_at: used } = found.data;
  const does = async (method: 'POST' | 'DELETE') => {
    const answer = await attempt(() => request<MadeCalendarAddress | undefined>(PATH, { method }));
    setUrl(method === 'POST' ? (answer?.url ?? null) : null);
    await queries.invalidateQueries({ queryKey: KEY });
  };
  const sure = (what: 'renew' | 'end', method: 'POST' | 'DELETE') =>
    modal.confirm({
      title: text(`calendar.${what}`),
      content: text('calendar.endHelp'),
      okText: text(`calendar.${what}`),
      onOk: () => does(method),
    });
  return (
    <Card size="small" title={text('calendar.title')} extra={<CalendarOutlined />}>
      <Typography.Paragraph type="secondary">{text('calendar.help')}</Typography.Paragraph>
      {url !== null && (
        <Typography.Paragraph className="mono" copyable={{ text: url }}>
          {url}
        </Typography.Paragraph>
      )}
      {made != null && (
        <Typography.Paragraph>
          {text('calendar.made', { at: instant(made, manner) })}{' '}
          {used != null && text('calendar.used', { at: instant(used, manner) })}
        </Typography.Paragraph>
      )}
      {problem !== null && <Typography.Paragraph type="danger">{problem.message}</Typography.Paragraph>}
      <Space wrap>
        <Button loading={busy} onClick={() => (made == null ? void does('POST') : sure('renew', 'POST'))}>
          {text(made == null ? 'calendar.make' : 'calendar.renew')}
        </Button>
        {made != null && (
          <Button danger disabled={busy} onClick={() => sure('end', 'DELETE')}>
            {text('calendar.end')}
          </Button>
        )}
      </Space>
    </Card>
  );
}
