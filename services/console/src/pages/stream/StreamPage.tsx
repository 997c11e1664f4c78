/** Events as they happen, with filters and a pause; what an event says is below it. */
import { PauseOutlined, CaretRightOutlined, CodeOutlined } from '@ant-design/icons';
import { Badge, Button, Typography } from 'antd';
import { useState } from 'react';
import { useKnown } from '../../api/catalogue';
import { withQuery } from '../../api/client';
import type { LoggedEvent } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { go, Link, usePlace } from '../../app/route';
import { Nothing } from '../../app/states';
import { FileTable } from '../../tables/FileTable';
import { instant } from '../../values/format';
import { StreamLink } from '../../values/StreamLink';
import { useManner } from '../../values/useManner';
import { queryOf, type Asked } from './ways';
import { Elsewhere } from './Elsewhere';
import { Filters } from './Filters';
import { useStream } from './useStream';

export default function StreamPage() {
  const text = useText();
  const { path, search } = usePlace();
  const [paused, setPaused] = useState(false);
  const [copying, setCopying] = useState(false);
  const asked: Asked = {
    kinds: search.getAll('kind'),
    types: search.getAll('type'),
    actor: search.get('actor') ?? undefined,
  };
  const query = queryOf(asked).toString();
  const { live, events, waiting } = useStream(query, paused);
  const ask = (next: Asked) => go(withQuery(path, queryOf(next)), { replace: true });
  const goOn = waiting > 0 ? text('stream.resumeWith', { n: waiting }) : text('stream.resume');
  return (
    <div className="page">
      <div className="page-head">
        <Typography.Title level={1}>{text('stream.title')}</Typography.Title>
        <Badge
          className="state"
          status={live && !paused ? 'processing' : 'default'}
          text={text(live ? 'stream.live' : 'stream.lost')}
        />
        <span className="grow" />
        <Button
          type={paused ? 'primary' : 'default'}
          icon={paused ? <CaretRightOutlined /> : <PauseOutlined />}
          onClick={() => setPaused(!paused)}
        >
          {paused ? goOn : text('stream.pause')}
        </Button>
        <Button icon={<CodeOutlined />} onClick={() => setCopying(true)}>
          {text('stream.copy')}
        </Button>
      </div>
      <Filters asked={asked} ask={ask} />
      <Events events={events} />
      <Elsewhere asked={asked} open={copying} onClose={() => setCopying(false)} />
    </div>
  );
}

function Events({ events }: { events: LoggedEvent[] }) {
  const text = useText();
  const known = useKnown();
  const manner = useManner();
  if (events.length === 0) return <Nothing>{text('stream.waiting')}</Nothing>;
  return (
    <FileTable<LoggedEvent>
      file="events"
      rowKey="position"
      dataSource={events}
      style={{ marginTop: 12 }}
      columns={[
        {
          title: text('stream.event'),
          render: (_, one) => (
            <Link to={`/events/${String(one.position)}`}>
              {known.event(one.type)?.label ?? one.type}
            </Link>
          ),
        },
        { title: text('event.stream'), render: (_, one) => <StreamLink stream={one.stream} /> },
        { title: text('event.actor'), dataIndex: 'actor' },
        { title: text('stream.at'), render: (_, one) => instant(one.recorded_at, manner) },
        { title: text('stream.position'), dataIndex: 'position', className: 'number' },
      ]}
      expandable={{
        expandedRowRender: (one) => (
          <pre className="mono code" tabIndex={0}>
            {JSON.stringify(one.data, null, 2)}
          </pre>
        ),
      }}
    />
  );
}
