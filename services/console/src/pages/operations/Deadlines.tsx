/** What processes will ask by themselves, in the order in which it is due. */
import { Table } from 'antd';
import { useKnown } from '../../api/catalogue';
import type { Deadline } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Failed, Loading, Nothing } from '../../app/states';
import { instant } from '../../values/format';
import { StreamLink } from '../../values/StreamLink';
import { useManner } from '../../values/useManner';
import { More } from '../card/More';
import { usePages } from '../card/usePages';

export function Deadlines() {
  const text = useText();
  const known = useKnown();
  const manner = useManner();
  const found = usePages<Deadline>('/deadlines?limit=50');
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Failed error={found.error} />;
  if (found.rows.length === 0) return <Nothing>{text('operations.noDeadlines')}</Nothing>;
  return (
    <>
      <Table
        rowKey={(one) => `${one.process} ${one.subject} ${one.purpose} ${one.due}`}
        size="small"
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={found.rows}
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
      <More found={found} />
    </>
  );
}
