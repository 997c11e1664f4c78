/** Where the deals stand: a funnel, its figures, and a board on which deals are moved. */
import { useQuery } from '@tanstack/react-query';
import { Checkbox, Segmented, Typography } from 'antd';
import { useKnown } from '../../api/catalogue';
import { request, withOwnWrites, withQuery } from '../../api/client';
import type { ListPage } from '../../api/shapes';
import { usePreferences, useText } from '../../app/preferences';
import { go, MOMENT, usePlace } from '../../app/route';
import { Failed, Loading, Nothing, Stale } from '../../app/states';
import { ExportButton } from '../../tables/ExportButton';
import { named } from '../../values/format';
import { ReferenceInput } from '../../values/ReferenceInput';
import { Board } from './Board';
import { Forecast } from './Forecast';
import { FunnelFigures } from './FunnelFigures';
import { pipelinesOf, stagesOf, type PipelineStage } from './stages';

interface Funnel extends ListPage {
  stages?: PipelineStage[];
}

const CONDITIONS = ['rep', 'department', 'region', MOMENT];

export default function PipelinePage() {
  const text = useText();
  const known = useKnown();
  const { language } = usePreferences();
  const { path, search } = usePlace();
  const asked = new URLSearchParams([...search].filter(([name]) => CONDITIONS.includes(name)));
  const funnel = known.figure('funnel');
  const address = withQuery(funnel?.address ?? '/funnel', asked);
  const found = useQuery({
    queryKey: ['figure', 'funnel', address, language],
    queryFn: ({ signal }) => request<Funnel>(withOwnWrites(address), { signal }),
    placeholderData: (before) => before,
  });
  if (funnel === undefined) return null;
  const set = (name: string, value: string | undefined) => {
    const next = new URLSearchParams(search);
    if (value === undefined) next.delete(name);
    else next.set(name, value);
    go(withQuery(path, next));
  };
  const rows = found.data?.data ?? [];
  const pipelines = pipelinesOf(rows);
  const pipeline = search.get('pipeline') ?? pipelines[0] ?? '';
  const stages = stagesOf(rows, found.data?.stages ?? [], pipeline);
  return (
    <div className="page">
      <div className="page-head">
        <Typography.Title level={1}>{text('pipeline.title')}</Typography.Title>
        {found.data !== undefined && <Stale freshness={found.data.freshness} />}
        <span className="grow" />
        <ExportButton address={address} />
      </div>
      <div className="bar">
        {pipelines.length > 1 && (
          <Segmented
            aria-label={text('pipeline.pipeline')}
            value={pipeline}
            onChange={(chosen) => set('pipeline', chosen)}
            options={pipelines.map((one) => ({ value: one, label: named('stage', one, text) }))}
          />
        )}
        <div style={{ width: 220 }}>
          <ReferenceInput
            kinds={['rep']}
            value={search.get('rep') ?? undefined}
            onChange={(rep) => set('rep', rep)}
            placeholder={text('pipeline.everybody')}
            label={text('pipeline.rep')}
          />
        </div>
        <Checkbox
          checked={search.has('stuck')}
          onChange={(event) => set('stuck', event.target.checked ? '1' : undefined)}
        >
          {text('pipeline.stuckOnly')}
        </Checkbox>
      </div>
      {found.isPending && <Loading />}
      {found.error !== null && <Failed error={found.error} again={() => void found.refetch()} />}
      {found.data !== undefined && stages.length === 0 && (
        <Nothing>{text('pipeline.noDeals')}</Nothing>
      )}
      {found.data !== undefined && stages.length > 0 && (
        <div className="stack">
          <Forecast stages={stages} />
          <FunnelFigures
            figure={funnel}
            page={found.data}
            pipeline={pipeline}
            stages={stages}
            search={asked}
          />
          <Board pipeline={pipeline} stages={stages} search={asked} stuck={search.has('stuck')} />
        </div>
      )}
    </div>
  );
}
