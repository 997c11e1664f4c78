/** What processes will ask by themselves, in the order in which it is due. */
import { useKnown } from '../../api/catalogue';
import type { Deadline } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { PagedTable } from '../../tables/PagedTable';
import { instant } from '../../values/format';
import { StreamLink } from '../../values/StreamLink';
import { useManner } from '../../values/useManner';

export function Deadlines() {
  const text = useText();
  const known = useKnown();
  const manner = useManner();
  return (
    <PagedTable<Deadline>
      address="/deadlines?limit=50"
      rowKey={(one) => `${one.process} ${one.subject} ${one.purpose} ${one.due}`}
      empty={text('operations.noDeadlines')}
      columns={[
        { title: text('operations.due'), render: (_, one) => instant(one.due, manner) },
        { title: text('operations.process'), dataIndex: 'process' },
        { title: text('operations.purpose'), dataIndex: 'purpose' },
        { title: text('why.of'), render: (_, one) => <StreamLink stream={one.about} /> },
        {
          title: text('event.command'),
          render: (_, one) => known.command(one.command)?.label ?? one.command,
        },
        { title: text('operations.error'), render: (_, one) => one.error },
      ]}
    />
  );
}
