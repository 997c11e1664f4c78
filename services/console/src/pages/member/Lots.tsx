/** Points by the lot they lie in: what ends first stands first. */
import { Card, Tag, Typography } from 'antd';
import type { PointLot as Lot } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Link } from '../../app/route';
import { Nothing } from '../../app/states';
import { FileTable } from '../../tables/FileTable';
import { paged } from '../../tables/rows';
import { instant } from '../../values/format';
import { useManner } from '../../values/useManner';

const SOON = 60;
const DAY = 86_400_000;

export function Lots({ lots }: { lots: Lot[] }) {
  const text = useText();
  const manner = useManner();
  const left = lots.reduce((sofar, one) => sofar + one.left, 0);
  const number = (value: number) => value.toLocaleString(manner.language);
  const soon = (lot: Lot) =>
    lot.left > 0 && lot.expires_on !== null && Date.parse(lot.expires_on) - Date.now() < SOON * DAY;
  const counted = (title: string, of: (lot: Lot) => number) => ({
    title,
    className: 'number',
    render: (_: unknown, lot: Lot) => (of(lot) === 0 ? text('value.none') : number(of(lot))),
  });
  return (
    <Card
      size="small"
      title={text('member.lots')}
      extra={<Typography.Text type="secondary">{text('member.left', { n: number(left) })}</Typography.Text>}
      styles={{ body: { padding: 0 } }}
    >
      {lots.length === 0 ? (
        <Nothing>{text('member.noLots')}</Nothing>
      ) : (
        <FileTable<Lot>
          file="point-lots"
          rowKey="lot"
          dataSource={lots}
          pagination={paged(15)}
          columns={[
            {
              title: text('member.purchase'),
              render: (_, lot) => <Link to={`/events/${String(lot.position)}`}>{lot.purchase}</Link>,
            },
            { title: text('member.earnedAt'), render: (_, lot) => instant(lot.earned_at, manner) },
            counted(text('member.earned'), (lot) => lot.points),
            counted(text('member.spent'), (lot) => lot.spent),
            counted(text('member.gone'), (lot) => lot.gone),
            counted(text('member.leftOfLot'), (lot) => lot.left),
            {
              title: text('member.expires'),
              render: (_, lot) => (
                <>
                  {lot.expires_on ?? text('member.never')} {soon(lot) && <Tag color="warning">{text('member.soon')}</Tag>}
                </>
              ),
            },
          ]}
        />
      )}
    </Card>
  );
}
