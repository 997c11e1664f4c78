/** Sums of both generations beside each other, and each row that differs. */
import { Alert, Typography } from 'antd';
import { useKnown } from '../../api/catalogue';
import type { RebuildOutcome } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { FileTable } from '../../tables/FileTable';
import { format } from '../../values/format';
import { useManner } from '../../values/useManner';

interface ComparedProps {
  view: string;
  outcome: RebuildOutcome;
}

type Difference = NonNullable<RebuildOutcome['differences']>[number];

export function Compared({ view, outcome }: ComparedProps) {
  const text = useText();
  const known = useKnown();
  const manner = useManner();
  const { old, new: made, differences = [], hidden = 0, parked } = outcome;
  const measure = (name: string) => known.figure(view)?.measures.find((one) => one.name === name);
  const labelled = (name: string) => (name === 'rows' ? text('rebuild.rows') : (measure(name)?.label ?? name));
  const sums = Object.keys(old ?? {}).map((name) => ({ name, was: old?.[name] ?? 0, is: made?.[name] ?? 0 }));
  const shown = (n: number, name: string) => {
    const field = measure(name);
    return field === undefined ? n.toLocaleString(manner.language) : format(n, field, manner);
  };
  const same = differences.length + hidden === 0;
  return (
    <>
      <Alert
        type={same ? 'success' : 'warning'}
        showIcon
        title={same ? text('rebuild.same') : text('rebuild.differ', { n: differences.length + hidden })}
        description={hidden > 0 ? text('rebuild.hidden') : undefined}
      />
      {(parked ?? 0) > 0 && <Alert type="warning" showIcon title={text('rebuild.parked', { n: parked ?? 0 })} />}
      {sums.length > 0 && (
        <FileTable
          file={`rebuild-${view}`}
          rowKey="name"
          dataSource={sums}
          columns={[
            { title: text('rebuild.sum'), render: (_, one) => labelled(one.name) },
            { title: text('rebuild.old'), className: 'number', render: (_, one) => shown(one.was, one.name) },
            { title: text('rebuild.new'), className: 'number', render: (_, one) => shown(one.is, one.name) },
            {
              title: text('rebuild.more'),
              className: 'number',
              render: (_, one) => (one.was === one.is ? '' : <strong>{shown(one.is - one.was, one.name)}</strong>),
            },
          ]}
        />
      )}
      {differences.length > 0 && (
        <FileTable<Difference>
          file={`rebuild-${view}-differences`}
          rowKey={(one) => JSON.stringify(one.of)}
          dataSource={differences}
          columns={[
            { title: text('rebuild.row'), render: (_, one) => said(one.of) },
            { title: text('rebuild.old'), render: (_, one) => <Side row={one.old} /> },
            { title: text('rebuild.new'), render: (_, one) => <Side row={one.new} /> },
          ]}
        />
      )}
    </>
  );
}

function said(row: Record<string, unknown>): string {
  return Object.entries(row)
    .filter(([, value]) => value !== '' && value !== null)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(' · ');
}

function Side({ row }: { row: Record<string, unknown> | null }) {
  const text = useText();
  if (row === null) return <Typography.Text type="secondary">{text('rebuild.notThere')}</Typography.Text>;
  return <span className="small">{said(row)}</span>;
}
