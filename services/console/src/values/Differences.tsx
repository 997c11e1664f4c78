/** Two states of one thing side by side; what differs is marked, by colour and in words. */
import { Tag } from 'antd';
import type { Field, Names, Row } from '../api/shapes';
import { useText } from '../app/preferences';
import { Nothing } from '../app/states';
import { PlainTable } from '../tables/PlainTable';
import { differencesOf, type Difference, type Leaf } from './leaves';
import { Value } from './Value';

interface DifferencesProps {
  fields: Field[];
  before: Row;
  after: Row;
  /** What the two sides are called. */
  heads?: [string, string];
  names?: Names;
  /** Also what is the same. */
  all?: boolean;
}

export function Differences({ fields, before, after, heads, names, all }: DifferencesProps) {
  const text = useText();
  const rows = differencesOf(fields, before, after).filter((one) => all === true || !one.same);
  const [first, second] = heads ?? [text('card.before'), text('card.after')];
  const shown = (leaf: Leaf | undefined) =>
    leaf === undefined ? null : <Value field={leaf.field} row={leaf.row} of={leaf.of} names={names} />;
  if (rows.length === 0) return <Nothing>{text('differences.none')}</Nothing>;
  return (
    <PlainTable<Difference>
      rowKey="path"
      scroll={{}}
      className="differences"
      tableLayout="fixed"
      dataSource={rows}
      rowClassName={(one) => (one.same ? '' : 'differs')}
      columns={[
        { title: text('card.field'), width: '34%', render: (_, one) => one.label },
        { title: first, render: (_, one) => shown(one.before) },
        {
          title: second,
          render: (_, one) => (
            <>
              {shown(one.after)} <Mark of={one} />
            </>
          ),
        },
      ]}
    />
  );
}

function Mark({ of }: { of: Difference }) {
  const text = useText();
  if (of.before === undefined) return <Tag>{text('differences.new')}</Tag>;
  if (of.after === undefined) return <Tag>{text('differences.gone')}</Tag>;
  return null;
}
