/** The latest of a list that hangs on a thing, how many there are, and the way to all of them. */
import { Card, Typography } from 'antd';
import { useKnown } from '../../api/catalogue';
import type { Dossier, Row } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Link } from '../../app/route';
import { PlainTable } from '../../tables/PlainTable';
import type { TextName } from '../../texts';
import { headOf } from '../../values/format';
import { titleOf } from '../../values/summary';
import { isNumeric, Value } from '../../values/Value';
import { listOf } from './useDossier';

export interface Listed {
  part: string;
  kind: string;
  /** The field by which they name the thing. */
  by: string;
  columns: string[];
  /** What they are called here, where their kind says too little. */
  title?: TextName;
}

interface ListPartProps {
  dossier: Dossier;
  list: Listed;
}

export function ListPart({ dossier, list }: ListPartProps) {
  const text = useText();
  const known = useKnown();
  const kind = known.kind(list.kind);
  const found = listOf(dossier, list.part);
  if (kind === undefined || found === undefined || found.count === 0) return null;
  const fields = list.columns
    .map((name) => kind.fields?.find((one) => one.name === name))
    .filter((one) => one !== undefined);
  const named = (row: Row) => {
    const card = known.cardOf(kind.name, String(row.id));
    return card === undefined ? titleOf(row) : <Link to={card}>{titleOf(row)}</Link>;
  };
  const all = `${kind.address ?? ''}?${list.by}=${encodeURIComponent(String(dossier.data.id))}`;
  return (
    <Card
      size="small"
      title={
        <>
          {list.title === undefined ? kind.plural : text(list.title)} <Typography.Text type="secondary">{found.count}</Typography.Text>
        </>
      }
      extra={found.count > found.rows.length && <Link to={all}>{text('home.all')}</Link>}
      styles={{ body: { padding: 0 } }}
    >
      <PlainTable<Row>
        rowKey={(row) => String(row.id)}
        dataSource={found.rows}
        columns={[
          { title: kind.label, render: (_, row) => <div className="named">{named(row)}</div> },
          ...fields.map((field) => ({
            title: headOf(field),
            className: isNumeric(field) ? 'number' : undefined,
            render: (_: unknown, row: Row) => <Value field={field} row={row} names={dossier.names} />,
          })),
        ]}
      />
    </Card>
  );
}

/** What there is none of, in one line. */
export function NothingOf({ dossier, lists }: { dossier: Dossier; lists: Listed[] }) {
  const text = useText();
  const known = useKnown();
  const none = lists.filter(({ part }) => listOf(dossier, part)?.count === 0);
  if (none.length === 0) return null;
  const named = none
    .map(({ kind, title }) => (title === undefined ? (known.kind(kind)?.plural ?? kind) : text(title)))
    .join(' · ');
  return <Typography.Text type="secondary">{text('dossier.none', { named })}</Typography.Text>;
}
