/** Up to which event each view is, and how it is made anew. */
import { useQuery } from '@tanstack/react-query';
import { Button, Input, Typography } from 'antd';
import { useState } from 'react';
import { useKnown } from '../../api/catalogue';
import { request, withQuery } from '../../api/client';
import type { Generations, Job, Status } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { go, usePlace } from '../../app/route';
import { JobState } from '../../jobs/JobProgress';
import { goesOn, useJobs } from '../../jobs/useJobs';
import { FileTable } from '../../tables/FileTable';
import { paged } from '../../tables/rows';
import { duration } from '../../values/format';
import { useManner } from '../../values/useManner';
import { Lag } from './Positions';
import { Rebuild } from './Rebuild';

const ROWS = paged(25);

export function Views({ status }: { status: Status }) {
  const text = useText();
  const known = useKnown();
  const manner = useManner();
  const { path, search } = usePlace();
  const [sought, setSought] = useState('');
  const generations = useQuery({
    queryKey: ['generations'],
    queryFn: async () => (await request<{ data: Generations[] }>('/generations')).data,
    enabled: known.operates('rebuild'),
  });
  const jobs = useJobs('rebuild').data ?? [];
  const latest = (view: string): Job | undefined => jobs.find((one) => one.asked.view === view);
  const made = (view: string) => generations.data?.find((one) => one.view === view);
  const labelled = (view: string) => known.view(view) ?? '';
  const show = (view: string | null) => {
    const next = new URLSearchParams({ tab: 'views' });
    if (view !== null) next.set('view', view);
    go(withQuery(path, next), { replace: true });
  };
  const rows = Object.entries(status.views)
    .map(([name, one]) => ({ name, label: labelled(name), ...one }))
    .filter((one) => `${one.name} ${one.label}`.toLowerCase().includes(sought.toLowerCase()));
  const open = made(search.get('view') ?? '');
  return (
    <>
      <div className="bar">
        <Input.Search
          allowClear
          aria-label={text('operations.seek')}
          placeholder={text('operations.seek')}
          style={{ maxWidth: 320 }}
          onChange={(event) => setSought(event.target.value)}
        />
      </div>
      <FileTable
        file="views"
        rowKey="name"
        dataSource={rows}
        pagination={ROWS}
        columns={[
          {
            title: text('operations.view'),
            render: (_, one) => (
              <>
                {one.label} <Typography.Text type="secondary">{one.name}</Typography.Text>
              </>
            ),
          },
          { title: text('operations.position'), className: 'number', render: (_, one) => one.position.toLocaleString(manner.language) },
          {
            title: text('operations.lag'),
            className: 'number',
            sorter: (one, other) => one.lag_events - other.lag_events,
            render: (_, one) => <Lag events={one.lag_events} />,
          },
          {
            title: text('operations.lagTime'),
            className: 'number',
            render: (_, one) => duration(one.lag_seconds, manner),
          },
          { title: text('operations.generation'), dataIndex: 'generation', className: 'number' },
          ...(generations.data === undefined
            ? []
            : [
                {
                  title: text('rebuild.title'),
                  key: 'rebuild',
                  render: (_: unknown, { name }: { name: string }) => (
                    <Anew view={made(name)} latest={latest(name)} onOpen={() => show(name)} />
                  ),
                },
              ]),
        ]}
      />
      {open !== undefined && (
        <Rebuild
          title={labelled(open.view) || open.view}
          view={open}
          latest={latest(open.view)}
          onClose={() => show(null)}
        />
      )}
    </>
  );
}

interface AnewProps {
  view: Generations | undefined;
  latest: Job | undefined;
  onOpen: () => void;
}

function Anew({ view, latest, onOpen }: AnewProps) {
  const text = useText();
  const words = view?.being_made == null ? text('rebuild.open') : text('rebuild.look');
  return (
    <Button size="small" type={view?.being_made == null ? 'default' : 'primary'} onClick={onOpen}>
      {latest !== undefined && goesOn(latest) ? <JobState job={latest} /> : words}
    </Button>
  );
}
