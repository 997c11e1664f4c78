/** Events that a view or a process leaves out, each with who said so; any of them may be taken in after all. */
import { Button } from 'antd';
import { useState } from 'react';
import type { SkippedList } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Link } from '../../app/route';
import { FileTable } from '../../tables/FileTable';
import { instant } from '../../values/format';
import { StreamLink } from '../../values/StreamLink';
import { useManner } from '../../values/useManner';
import { useUnpark } from './Parked';
import { Reason } from './Reason';

type Skipped = SkippedList['data'][number];

export function LeftOut({ skipped }: { skipped: Skipped[] }) {
  const text = useText();
  const manner = useManner();
  const ask = useUnpark();
  const [chosen, setChosen] = useState<Skipped | null>(null);
  return (
    <>
      <FileTable<Skipped>
        file="left-out"
        rowKey={(one) => `${one.view} ${one.stream} ${String(one.position)}`}
        dataSource={skipped}
        columns={[
          { title: text('operations.reader'), dataIndex: 'view' },
          { title: text('event.stream'), render: (_, one) => <StreamLink stream={one.stream} /> },
          {
            title: text('card.event'),
            render: (_, one) => <Link to={`/events/${String(one.position)}`}>{one.position}</Link>,
          },
          { title: text('operations.reason'), dataIndex: 'reason' },
          { title: text('operations.by'), dataIndex: 'actor' },
          { title: text('operations.askedAt'), render: (_, one) => instant(one.skipped_at, manner) },
          {
            key: 'do',
            render: (_, one) => (
              <Button size="small" onClick={() => setChosen(one)}>
                {text('operations.restore')}
              </Button>
            ),
          },
        ]}
      />
      {chosen !== null && (
        <Reason
          title={text('operations.restoreEvent', { position: chosen.position })}
          help={text('operations.restoreHelp')}
          action={text('operations.restore')}
          onClose={() => setChosen(null)}
          onSaid={(reason) => {
            void ask({ ...chosen, reader: chosen.view }, 'restore', { position: chosen.position, reason });
            setChosen(null);
          }}
        />
      )}
    </>
  );
}
