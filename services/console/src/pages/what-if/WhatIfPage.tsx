/** A period decided anew under other settings: which figures and refusals would have been others. */
import { useQuery } from '@tanstack/react-query';
import { Card, Segmented, Typography } from 'antd';
import { useKnown } from '../../api/catalogue';
import { request, withQuery } from '../../api/client';
import type { SettingsShape, SettingsTriedList } from '../../api/shapes';
import { usePreferences, useText } from '../../app/preferences';
import { go, usePlace } from '../../app/route';
import { Failed, Loading, Nothing } from '../../app/states';
import { plain } from '../../values/format';
import { Outcome } from './Outcome';
import { searchOf, trialOf, type Trial } from './trial';
import { TrialForm } from './TrialForm';

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
  const named = (id: string) => known.all.settings.find((one) => one.name === id);
  const may = found.data.map(({ id }) => ({ value: id, label: named(id)?.label ?? id }));
  const chosen = may.find((one) => one.value === search.get('settings')) ?? may[0];
  const trial = trialOf(search);
  const tried = trial?.settings === chosen?.value ? trial : null;
  return (
    <div className="page">
      <div className="page-head">
        <Typography.Title level={1}>{text('whatIf.title')}</Typography.Title>
      </div>
      <Typography.Paragraph type="secondary">{text('whatIf.help')}</Typography.Paragraph>
      {chosen === undefined ? (
        <Nothing>{text('whatIf.none')}</Nothing>
      ) : (
        <div className="stack">
          <div className="bar">
            <Segmented
              aria-label={text('settings.title')}
              value={chosen.value}
              options={may}
              onChange={(id) => go(withQuery(path, new URLSearchParams({ settings: id })))}
            />
          </div>
          <Card size="small" title={chosen.label}>
            <Typography.Paragraph type="secondary">
              {plain(named(chosen.value)?.about ?? '')}
            </Typography.Paragraph>
            <Asked key={`${chosen.value} ${search.toString()}`} id={chosen.value} trial={tried} />
          </Card>
          {tried !== null && <Outcome trial={tried} />}
        </div>
      )}
    </div>
  );
}

function Asked({ id, trial }: { id: string; trial: Trial | null }) {
  const known = useKnown();
  const { path } = usePlace();
  const { language } = usePreferences();
  const found = useQuery({
    queryKey: ['settings', id, language],
    queryFn: () => request<SettingsShape>(`/settings/${encodeURIComponent(id)}`),
  });
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Failed error={found.error} />;
  return (
    <TrialForm
      fields={known.all.settings.find((one) => one.name === id)?.fields ?? []}
      settings={found.data}
      trial={trial}
      onTry={(next) => go(withQuery(path, searchOf(next)))}
    />
  );
}
