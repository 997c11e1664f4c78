/** The open deals of one stage, those first that have been in it longest. */
import { useQuery } from '@tanstack/react-query';
import { Spin, Typography } from 'antd';
import { useState } from 'react';
import { useKnown } from '../../api/catalogue';
import { request, withOwnWrites } from '../../api/client';
import type { ListPage, Row } from '../../api/shapes';
import { usePreferences, useText } from '../../app/preferences';
import { Link } from '../../app/route';
import { Failed } from '../../app/states';
import { format, named } from '../../values/format';
import { useManner } from '../../values/useManner';
import { Deal } from './Deal';
import { stuckBefore, type Stage } from './stages';

const SHOWN = 20;
const FIELDS = 'id,title,customer,rep,stage,stage_since,amount,currency,expected_close,version';

export interface ColumnProps {
  pipeline: string;
  stage: Stage;
  search: URLSearchParams;
  stuck: boolean;
  now: number;
  targets: string[];
  moving: string | null;
  onDrag: (deal: Row | null) => void;
  onDrop: () => void;
  onMove: (deal: Row, stage: string) => void;
}

function useDeals({ pipeline, stage, search, stuck, now }: ColumnProps) {
  const { language } = usePreferences();
  const address = useKnown().kind('opportunity')?.address ?? '';
  const query = new URLSearchParams(search);
  for (const [name, value] of [['status', 'open'], ['pipeline', pipeline], ['stage', stage.name]] as const) {
    query.set(name, value);
  }
  const before = stuck ? stuckBefore(stage, now) : null;
  if (before !== null) query.set('stage_since.lt', before);
  query.set('sort', 'stage_since');
  const list = `${address}?${query.toString()}`;
  const asked = `${list}&limit=${String(SHOWN)}&fields=${FIELDS}&expand=names&count=capped&totals=amount`;
  const found = useQuery({
    queryKey: ['board', asked, language],
    queryFn: ({ signal }) => request<ListPage>(withOwnWrites(asked), { signal }),
    placeholderData: (earlier) => earlier,
  });
  return { list, found };
}

function Totals({ page }: { page: ListPage }) {
  const manner = useManner();
  const amount = useKnown().kind('opportunity')?.fields?.find((one) => one.name === 'amount');
  const totals = page.totals?.amount;
  if (amount === undefined || typeof totals !== 'object') return null;
  return Object.entries(totals).map(([currency, sum]) => (
    <Typography.Text key={currency} type="secondary">
      {format(sum, amount, manner, currency)}
    </Typography.Text>
  ));
}

export function Column(props: ColumnProps) {
  const { stage, targets, moving, onDrag, onDrop, onMove, now } = props;
  const text = useText();
  const { list, found } = useDeals(props);
  const [over, setOver] = useState(false);
  const page = found.data;
  const count = page?.count ?? 0;
  return (
    <div
      className={over ? 'column over' : 'column'}
      role="group"
      aria-label={named('stage', stage.name, text)}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onDrop();
      }}
    >
      <div className="column-head">
        <Typography.Text strong>{named('stage', stage.name, text)}</Typography.Text>
        <Typography.Text type="secondary">{page?.capped === true ? `${String(count)}+` : count}</Typography.Text>
        <span className="grow" />
        {page !== undefined && <Totals page={page} />}
      </div>
      {found.isPending && <Spin />}
      {found.error !== null && <Failed error={found.error} />}
      {count === 0 && page !== undefined && (
        <Typography.Text type="secondary">{text('pipeline.none')}</Typography.Text>
      )}
      {page?.data.map((deal) => (
        <Deal
          key={String(deal.id)}
          deal={deal}
          page={page}
          stage={stage}
          now={now}
          targets={targets}
          busy={moving === deal.id}
          onDrag={onDrag}
          onMove={onMove}
        />
      ))}
      {count > SHOWN && <Link to={list}>{text('pipeline.all', { n: count })}</Link>}
    </div>
  );
}
