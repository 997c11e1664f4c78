/** Targets and what they are broken down into, each with its rate, pace and place. */
import { Progress, theme } from 'antd';
import { useKnown } from '../../api/catalogue';
import type { Field, Figure, Names } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Link } from '../../app/route';
import { FileTable } from '../../tables/FileTable';
import { currencyOf, format, headOf } from '../../values/format';
import { useManner } from '../../values/useManner';
import { Actual } from './Actual';
import { PaceTag } from './PaceTag';
import { nameOf, paceOf, type Target } from './tree';

interface TargetTreeProps {
  figure: Figure;
  targets: Target[];
  names: Names;
}

const AFTER = ['gap', 'open_deals', 'uncovered'];

export function TargetTree({ figure, targets, names }: TargetTreeProps) {
  const text = useText();
  const known = useKnown();
  const manner = useManner();
  const { token } = theme.useToken();
  const every = new Map<string, Target>();
  const keep = (some: Target[]) =>
    some.forEach((one) => {
      every.set(one.target, one);
      keep(one.children ?? []);
    });
  keep(targets);
  const field = (name: string) =>
    [...figure.measures, ...figure.dimensions].find((one) => one.name === name);
  const shown = (of: Field | undefined, row: Target) =>
    of === undefined ? null : format(row[of.name], of, manner, currencyOf(of, row));
  const number = (name: string) => ({
    title: headOf(field(name) ?? { name, label: name, type: 'integer' }),
    className: 'number',
    render: (_: unknown, row: Target) => shown(field(name), row),
  });
  const named = (row: Target) => {
    const name = nameOf(row, every.get(String(row.part_of)), names, text('targets.company'));
    const card = known.cardOf('target', row.target);
    return card === undefined ? name : <Link to={card}>{name}</Link>;
  };
  return (
    <FileTable<Target>
      file="targets"
      rowKey="target"
      dataSource={targets}
      expandable={{ defaultExpandedRowKeys: targets.map((one) => one.target) }}
      columns={[
        { title: text('targets.who'), render: (_, row) => named(row) },
        number('planned'),
        {
          ...number('actual'),
          render: (_, row) => <Actual target={row}>{shown(field('actual'), row)}</Actual>,
        },
        {
          title: headOf(field('rate_bp') ?? { name: 'rate_bp', label: '', type: 'integer' }),
          render: (_, row) => (
            <Progress
              size="small"
              percent={Number(row.rate_bp ?? 0) / 100}
              status="normal"
              strokeColor={paceOf(row) === 'targets.behind' ? token.colorError : token.colorPrimary}
              format={() => `${String(Math.round(Number(row.rate_bp ?? 0) / 100))} %`}
              aria-label={`${row.target}: ${String(shown(field('rate_bp'), row))}`}
              style={{ width: 150 }}
            />
          ),
        },
        { title: text('targets.pace'), render: (_, row) => <PaceTag figure={figure} target={row} /> },
        ...AFTER.map(number),
        {
          title: field('rank')?.label,
          render: (_, row) =>
            Number(row.of) > 1 ? text('targets.place', { rank: Number(row.rank), of: Number(row.of) }) : null,
        },
      ]}
    />
  );
}
