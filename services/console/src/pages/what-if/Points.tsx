/** Members' points as they were and would have been: by dealer, and each redemption that differs. */
import { Card, Typography } from 'antd';
import { useKnown } from '../../api/catalogue';
import type { TrialReport } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Nothing } from '../../app/states';
import { FileTable } from '../../tables/FileTable';
import { paged } from '../../tables/rows';
import { instant } from '../../values/format';
import { useManner } from '../../values/useManner';
import { ThingLink } from '../../values/Value';
import { MEASURES, more, type Pair } from './trial';
import { useNames } from './useNames';

type PointsReport = NonNullable<TrialReport['points']>;
type Dealer = PointsReport['dealers'][number];
type Decision = PointsReport['decisions'][number];

const ROWS = paged(12);

function Changed({ pair }: { pair: Pair }) {
  const { language } = useManner();
  const shown = (n: number) => n.toLocaleString(language);
  if (pair.was === pair.would_be) return <Typography.Text type="secondary">{shown(pair.was)}</Typography.Text>;
  return (
    <>
      <Typography.Text type="secondary">{shown(pair.was)} → </Typography.Text>
      <strong>{shown(pair.would_be)}</strong> <span className="small">({more(pair, language)})</span>
    </>
  );
}

export function PointsByDealer({ dealers }: { dealers: Dealer[] }) {
  const text = useText();
  const known = useKnown();
  const figure = known.figure('points');
  const names = useNames('customer', dealers.map((one) => one.dealer).filter((one) => one !== null));
  return (
    <Card size="small" title={figure?.label} styles={{ body: { padding: 0 } }}>
      <FileTable<Dealer>
        file="what-if-points"
        rowKey={(one) => one.dealer ?? ''}
        dataSource={dealers}
        pagination={ROWS}
        columns={[
          {
            title: text('dealerStock.dealer'),
            render: (_, { dealer }) =>
              dealer === null ? text('value.none') : <ThingLink kinds={['customer']} id={dealer} name={names[dealer]} />,
          },
          ...MEASURES.filter((name) => dealers.some((one) => one[name].was !== 0 || one[name].would_be !== 0)).map((name) => ({
            title: figure?.measures.find((one) => one.name === name)?.label ?? name,
            className: 'number',
            render: (_: unknown, one: Dealer) => <Changed pair={one[name]} />,
          })),
        ]}
      />
    </Card>
  );
}

export function OtherRedemptions({ decisions }: { decisions: Decision[] }) {
  const text = useText();
  const known = useKnown();
  const manner = useManner();
  const names = useNames('member', decisions.map((one) => one.member));
  const event = (name: string) => known.event(name)?.label ?? name;
  return (
    <Card size="small" title={text('whatIf.redemptions')} styles={{ body: { padding: 0 } }}>
      <FileTable<Decision>
        file="what-if-redemptions"
        rowKey={(one) => `${one.member} ${one.redemption}`}
        dataSource={decisions}
        pagination={ROWS}
        locale={{ emptyText: <Nothing>{text('whatIf.sameDecisions')}</Nothing> }}
        columns={[
          { title: text('access.at'), render: (_, one) => instant(one.happened_at, manner) },
          {
            title: known.kind('member')?.label,
            render: (_, one) => <ThingLink kinds={['member']} id={one.member} name={names[one.member]} />,
          },
          { title: text('whatIf.redemption'), dataIndex: 'redemption' },
          { title: text('whatIf.points'), className: 'number', render: (_, one) => one.points.toLocaleString(manner.language) },
          { title: text('whatIf.hadThen'), className: 'number', render: (_, one) => one.balance.toLocaleString(manner.language) },
          { title: text('whatIf.was'), render: (_, one) => event(one.was) },
          { title: text('whatIf.wouldBe'), render: (_, one) => event(one.would_be) },
        ]}
      />
    </Card>
  );
}
