/** Sign-ins, refusals and reads, as they were written down. */
import { Table } from 'antd';
import type { AccessNote } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Failed, Loading, Nothing } from '../../app/states';
import { instant } from '../../values/format';
import { useManner } from '../../values/useManner';
import { More } from '../card/More';
import { usePages } from '../card/usePages';

export function AccessLog() {
  const text = useText();
  const manner = useManner();
  const found = usePages<AccessNote>('/access-log?limit=50');
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Failed error={found.error} />;
  if (found.rows.length === 0) return <Nothing>{text('access.noNotes')}</Nothing>;
  return (
    <>
      <Table
        rowKey="number"
        size="small"
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={found.rows}
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
      <More found={found} />
    </>
  );
}
