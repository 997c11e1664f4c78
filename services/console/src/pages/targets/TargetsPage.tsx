/** What is to be reached by whom, how much of it was, and whether that keeps pace with the days. */
import { Segmented, Select, Typography } from 'antd';
import dayjs from 'dayjs';
import { useKnown } from '../../api/catalogue';
import { withQuery } from '../../api/client';
import type { Figure, Names, Row } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { asOf, go, useMoment, usePlace } from '../../app/route';
import { Failed, Loading, Nothing, Stale } from '../../app/states';
import { useAllPages } from '../../tables/useAllPages';
import { Commands } from '../../values/Commands';
import { Achievement } from './Achievement';
import { PartsChart } from './PartsChart';
import { TargetTree } from './TargetTree';
import { mostParts, periodsOf, treeOf } from './tree';

export default function TargetsPage() {
  const text = useText();
  const known = useKnown();
  const moment = useMoment();
  const figure = known.figure('attainment');
  const kind = known.kind('target');
  const found = useAllPages<Row>(asOf(`${figure?.address ?? ''}?limit=500&expand=names`, moment));
  if (figure === undefined) return null;
  return (
    <div className="page">
      <div className="page-head">
        <Typography.Title level={1}>{text('targets.title')}</Typography.Title>
        {found.data?.freshness !== undefined && <Stale freshness={found.data.freshness} />}
        <span className="grow" />
        {kind !== undefined && <Commands kind={kind} beginning />}
      </div>
      {found.isPending && <Loading />}
      {found.error !== null && <Failed error={found.error} again={() => void found.refetch()} />}
      {found.data !== undefined && <Targets figure={figure} rows={found.data.rows} names={found.data.names} />}
    </div>
  );
}

interface TargetsProps {
  figure: Figure;
  rows: Row[];
  names: Names;
}

function Targets({ figure, rows, names }: TargetsProps) {
  const text = useText();
  const moment = useMoment();
  const { path, search } = usePlace();
  const tops = treeOf(rows);
  const { periods, current } = periodsOf(tops, dayjs(moment ?? undefined).format('YYYY-MM-DD'));
  if (current === undefined) return <Nothing>{text('targets.none')}</Nothing>;
  const asked = search.get('period') ?? '';
  const period = periods.includes(asked) ? asked : current;
  const inPeriod = tops.filter((one) => one.period === period);
  const metrics = [...new Set(inPeriod.map((one) => String(one.metric)))];
  const metric = metrics.find((one) => one === search.get('metric')) ?? metrics[0];
  const shown = inPeriod.filter((one) => one.metric === metric);
  const [first] = shown;
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    next.set(name, value);
    go(withQuery(path, next));
  };
  const choices = figure.dimensions.find((one) => one.name === 'metric')?.choices ?? [];
  return (
    <>
      <div className="bar">
        <Select
          aria-label={text('targets.period')}
          value={period}
          onChange={(chosen) => set('period', chosen)}
          options={periods.map((one) => ({ value: one, label: one }))}
          style={{ minWidth: 120 }}
        />
        <div className="scrolled" style={{ marginBottom: 0 }}>
          <Segmented
            aria-label={figure.dimensions.find((one) => one.name === 'metric')?.label}
            value={metric}
            onChange={(chosen) => set('metric', chosen)}
            options={metrics.map((one) => ({
              value: one,
              label: choices.find((choice) => choice.value === one)?.label ?? one,
            }))}
          />
        </div>
      </div>
      <div className="stack">
        {shown.length === 1 && first !== undefined && <Achievement figure={figure} target={first} />}
        {first !== undefined && <PartsChart parts={mostParts(first.children ?? shown)} whole={first} names={names} />}
        <TargetTree key={`${period} ${String(metric)}`} figure={figure} targets={shown} names={names} />
      </div>
    </>
  );
}
