/** A period decided anew under other settings: which figures and refusals would have been others. */
import { useQuery } from '@tanstack/react-query';
import { Typography } from 'antd';
import { useKnown } from '../../api/catalogue';
import { request, withQuery } from '../../api/client';
import type { SettingsTriedList } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { go, usePlace } from '../../app/route';
import { Failed, Loading, Nothing } from '../../app/states';
import { Attempt } from './Attempt';
import { Draft } from './Draft';
import { Earlier } from './Earlier';
import { askedOf } from './trial';

export default function WhatIfPage() {
  const text = useText();
  const known = useKnown();
  const { path, search } = usePlace();
  const found = useQuery({
    queryKey: ['what-ifs'],
    queryFn: async () => (await request<SettingsTriedList>('/what-if')).data,
  });
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Failed error={found.error} again={() => void found.refetch()} />;
  const may = found.data.map(({ id }) => known.all.settings.find((one) => one.name === id)).filter((one) => one !== undefined);
  const show = (job: string) => go(withQuery(path, new URLSearchParams({ job })));
  const job = search.get('job');
  return (
    <div className="page">
      <div className="page-head">
        <Typography.Title level={1}>{text('whatIf.title')}</Typography.Title>
        <Typography.Text type="secondary">{text('whatIf.help')}</Typography.Text>
      </div>
      {may.length === 0 ? (
        <Nothing>{text('whatIf.none')}</Nothing>
      ) : (
        <div className="stack">
          <Draft settings={may} asked={askedOf(search)} onBegun={show} />
          {job === null && <Nothing>{text('whatIf.untried')}</Nothing>}
          {job !== null && <Attempt key={job} id={job} settings={may} />}
          <Earlier settings={may} shown={job} onShow={show} />
        </div>
      )}
    </div>
  );
}
