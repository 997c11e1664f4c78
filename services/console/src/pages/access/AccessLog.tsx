/** Sign-ins, refusals and reads, as they were written down. */
import type { AccessNote } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { PagedTable } from '../../tables/PagedTable';
import { instant } from '../../values/format';
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
        { title: text('access.kind'), dataIndex: 'kind' },
        { title: text('event.actor'), dataIndex: 'actor' },
        { title: text('access.address'), dataIndex: 'address' },
        {
          title: text('access.detail'),
          render: (_, one) => <span className="mono">{JSON.stringify(one.detail)}</span>,
        },
      ]}
    />
  );
}
