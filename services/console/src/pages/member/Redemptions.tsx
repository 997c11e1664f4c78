/** What points were spent on, and which lots they came from. */
import { Card, Tag } from 'antd';
import { useKnown } from '../../api/catalogue';
import type { PointRedemption as Redemption } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Link } from '../../app/route';
import { Nothing } from '../../app/states';
import { FileTable } from '../../tables/FileTable';
import { instant, money } from '../../values/format';
import { useManner } from '../../values/useManner';

export function Redemptions({ redemptions }: { redemptions: Redemption[] }) {
  const text = useText();
  const known = useKnown();
  const manner = useManner();
  const event = known.event('PointsRedeemed');
  const got = ({ reward, amount, currency }: Redemption) =>
    reward ?? (amount === null ? text('value.none') : money(amount, currency ?? undefined, manner));
  return (
    <Card size="small" title={event?.label} styles={{ body: { padding: 0 } }}>
      {redemptions.length === 0 ? (
        <Nothing>{text('member.noRedemptions')}</Nothing>
      ) : (
        <FileTable<Redemption>
          file="redemptions"
          rowKey="redemption"
          dataSource={redemptions}
          columns={[
            {
              title: text('access.at'),
              render: (_, one) => <Link to={`/events/${String(one.position)}`}>{instant(one.at, manner)}</Link>,
            },
            {
              title: text('member.spent'),
              className: 'number',
              render: (_, one) => one.points.toLocaleString(manner.language),
            },
            {
              title: text('member.for'),
              render: (_, one) => (
                <>
                  {got(one)} {one.reversed && <Tag>{text('member.reversed')}</Tag>}
                </>
              ),
            },
            {
              title: text('member.fromLots'),
              render: (_, one) => one.lots.map(({ lot, points }) => `${lot}: ${String(points)}`).join(', '),
            },
          ]}
        />
      )}
    </Card>
  );
}
