/** What a dealer has, what runs out first on top. */
import { Card, Typography } from 'antd';
import { useKnown } from '../../api/catalogue';
import type { Dossier } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Link, useMoment } from '../../app/route';
import { FigureTable } from '../figure/FigureTable';
import { firstToRunOut } from './cover';
import { figureRows } from './useDossier';

const SHOWN = 8;
const COLUMNS = ['item', 'on_hand', 'days_of_cover'];

export function DealerStock({ dossier }: { dossier: Dossier }) {
  const text = useText();
  const figure = useKnown().figure('stock');
  const moment = useMoment();
  const rows = firstToRunOut(figureRows(dossier, 'stock'));
  if (figure === undefined || rows.length === 0) return null;
  const { freshness, names } = dossier;
  const columns = COLUMNS.map((name) =>
    [...figure.dimensions, ...figure.measures].find((one) => one.name === name),
  ).filter((one) => one !== undefined);
  const page = { data: rows.slice(0, SHOWN), names, freshness, cursor: null, next: null };
  const id = encodeURIComponent(String(dossier.data.id));
  return (
    <Card
      size="small"
      title={
        <>
          {figure.label} <Typography.Text type="secondary">{rows.length}</Typography.Text>
        </>
      }
      extra={<Link to={`/dealer-stock?location=${id}`}>{text('home.all')}</Link>}
      styles={{ body: { padding: 0 } }}
    >
      <FigureTable
        figure={figure}
        page={page}
        columns={columns}
        search={new URLSearchParams(moment === null ? {} : { as_of: moment })}
      />
    </Card>
  );
}
