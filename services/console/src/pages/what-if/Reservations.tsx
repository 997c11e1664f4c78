/** Orders whose goods would have been let go, or kept, other than they were. */
import { Card } from 'antd';
import { useKnown } from '../../api/catalogue';
import type { TrialReport } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Nothing } from '../../app/states';
import { FileTable } from '../../tables/FileTable';
import { paged } from '../../tables/rows';
import { instant } from '../../values/format';
import { useManner } from '../../values/useManner';
import { ThingLink } from '../../values/Value';
import { useNames } from './useNames';

type Reservation = NonNullable<TrialReport['reservations']>['reservations'][number];

const ROWS = paged(12);

export function OtherReservations({ reservations }: { reservations: Reservation[] }) {
  const text = useText();
  const known = useKnown();
  const manner = useManner();
  const names = useNames('customer', reservations.map((one) => one.customer));
  const end = (name: string | null, at: string | null) =>
    name === null
      ? text('whatIf.heldStill')
      : `${known.event(name)?.label ?? name}${at === null ? '' : `, ${instant(at, manner)}`}`;
  return (
    <Card size="small" title={text('whatIf.reservations')} styles={{ body: { padding: 0 } }}>
      <FileTable<Reservation>
        file="what-if-reservations"
        rowKey="order"
        dataSource={reservations}
        pagination={ROWS}
        locale={{ emptyText: <Nothing>{text('whatIf.sameDecisions')}</Nothing> }}
        columns={[
          { title: known.kind('order')?.label, render: (_, one) => <ThingLink kinds={['order']} id={one.order} /> },
          {
            title: known.kind('customer')?.label,
            render: (_, one) => <ThingLink kinds={['customer']} id={one.customer} name={names[one.customer]} />,
          },
          { title: text('whatIf.quantity'), className: 'number', dataIndex: 'quantity' },
          { title: text('order.approved'), render: (_, one) => instant(one.approved_at, manner) },
          { title: text('whatIf.was'), render: (_, one) => end(one.was, one.was_at) },
          { title: text('whatIf.wouldBe'), render: (_, one) => end(one.would_be, one.would_be_at) },
        ]}
      />
    </Card>
  );
}
