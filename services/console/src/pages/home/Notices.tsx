/** What the reader was told of, unread first. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Card, Typography } from 'antd';
import { request } from '../../api/client';
import type { Inbox } from '../../api/shapes';
import { usePreferences, useText } from '../../app/preferences';
import { Link } from '../../app/route';
import { Failed, Loading } from '../../app/states';
import { instant } from '../../values/format';
import { useManner } from '../../values/useManner';
import { WAITING } from './useLive';

export function Notices() {
  const text = useText();
  const manner = useManner();
  const { language } = usePreferences();
  const queries = useQueryClient();
  const found = useQuery({
    queryKey: [WAITING, 'notices', language],
    queryFn: () => request<Inbox>('/notices?limit=6'),
  });
  const read = useMutation({
    mutationFn: () => request('/notices/read', { method: 'POST', body: { everything: true } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [WAITING, 'notices'] }),
  });
  const unread = found.data?.unread.count ?? 0;
  return (
    <Card
      size="small"
      title={
        unread > 0
          ? `${text('home.notices')} · ${text('home.unread', { n: unread })}`
          : text('home.notices')
      }
      extra={
        unread > 0 && (
          <Button type="link" size="small" loading={read.isPending} onClick={() => read.mutate()}>
            {text('home.markRead')}
          </Button>
        )
      }
    >
      {found.isPending && <Loading />}
      {found.error !== null && <Failed error={found.error} again={() => void found.refetch()} />}
      {found.data?.data.length === 0 && <Typography.Text type="secondary">{text('home.noticesNone')}</Typography.Text>}
      <ul className="waiting">
        {found.data?.data.map((one) => (
          <li key={one.id}>
            <Typography.Text className="grow" strong={one.read_at === null}>
              <Link to={one.link}>{one.title}</Link>
            </Typography.Text>
            <Typography.Text type="secondary">
              {instant(one.occurred_at, manner)}
            </Typography.Text>
          </li>
        ))}
      </ul>
    </Card>
  );
}
