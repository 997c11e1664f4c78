/** Sign-ins, refusals and reads, as they were written down. */
import { Fragment } from 'react';
import type { AccessNote } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { PagedTable } from '../../tables/PagedTable';
import { instant, named } from '../../values/format';
import { StreamLink } from '../../values/StreamLink';
import { useManner } from '../../values/useManner';

export function AccessLog() {
  const text = useText();
  const manner = useManner();
  return (
    <PagedTable<AccessNote>
      file="access-log"
      address="/access-log?limit=50"
      rowKey={(one) => String(one.number)}
      empty={text('access.noNotes')}
      columns={[
        { title: text('access.at'), render: (_, one) => instant(one.at, manner) },
        { title: text('access.kind'), render: (_, one) => named('note', one.kind, text) },
        { title: text('event.actor'), dataIndex: 'actor' },
        { title: text('access.address'), dataIndex: 'address' },
        { title: text('access.about'), render: (_, one) => <About streams={one.detail.about} /> },
        { title: text('access.detail'), render: (_, one) => <Detail of={one.detail} /> },
      ]}
    />
  );
}

function About({ streams }: { streams: unknown }) {
  if (!Array.isArray(streams)) return null;
  return (
    <div className="note-about">
      {streams.map((one, index) => (
        <Fragment key={String(one)}>
          {index > 0 && ' · '}
          <StreamLink stream={String(one)} />
        </Fragment>
      ))}
    </div>
  );
}

function Detail({ of }: { of: AccessNote['detail'] }) {
  const said = Object.entries(of).filter(([name]) => name !== 'about');
  return (
    <div className="mono note-detail">
      {said.map(([name, value]) => (
        <div key={name}>{`${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`}</div>
      ))}
    </div>
  );
}
