/** Who and what comes first, by any figure and in any period, or as a race over time. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Segmented, Select, Typography } from 'antd';
import { useKnown } from '../../api/catalogue';
import { request, withQuery } from '../../api/client';
import type { ListPage } from '../../api/shapes';
import { usePreferences, useText } from '../../app/preferences';
import { go, usePlace } from '../../app/route';
import { Failed, Loading, Stale } from '../../app/states';
import { ExportButton } from '../../tables/ExportButton';
import { headOf } from '../../values/format';
import { Board } from './Board';
import { PACES } from './frames';
import { PeriodPicker } from './PeriodPicker';
import { AT, BOARD, RACE, useQuestion } from './question';

const STANDING = 'standing';

export default function RankingsPage() {
  const text = useText();
  const known = useKnown();
  const { language } = usePreferences();
  const { path, search } = usePlace();
  const boards = known.boards();
  const named = boards.find((one) => one.name === `rankings-${search.get(BOARD) ?? ''}`);
  const figure = named ?? boards.find((one) => one.name === 'rankings-reps') ?? boards[0];
  const question = useQuestion(search);
  const asked = question.askedOf();
  const addressOf = (day?: string) => withQuery(figure?.address ?? '', question.askedOf(day));
  const read = (day?: string) => `${addressOf(day)}&expand=names`;
  const found = useQuery({
    queryKey: ['figure', read(), language],
    queryFn: ({ signal }) => request<ListPage>(read(), { signal }),
    enabled: figure !== undefined,
    placeholderData: question.pace === null ? undefined : keepPreviousData,
  });
  if (figure === undefined) return null;
  const set = (values: Record<string, string | undefined>) => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) next.delete(name);
      else next.set(name, value);
    }
    go(withQuery(path, next));
  };
  const ways = figure.parameters.find((one) => one.name === 'by')?.choices ?? [];
  const own = ways.filter((way) => figure.measures.some((one) => one.name === way.value));
  const by = asked.get('by') ?? figure.measures[0]?.name ?? 'amount';
  const paces = PACES.map((one) => ({ value: one as string, label: text(`race.${one}`) }));
  return (
    <div className="page">
      <div className="page-head">
        <Typography.Title level={1}>{text('rankings.title')}</Typography.Title>
        {found.data !== undefined && <Stale freshness={found.data.freshness} />}
        <span className="grow" />
        <ExportButton address={addressOf()} />
      </div>
      <div className="scrolled">
        <Segmented
          aria-label={text('rankings.board')}
          value={figure.name}
          onChange={(name) => set({ [BOARD]: name.replace('rankings-', ''), by: undefined })}
          options={boards.map((one) => ({ value: one.name, label: one.label }))}
        />
      </div>
      <div className="bar">
        <Select
          aria-label={text('figure.measure')}
          value={by}
          onChange={(way) => set({ by: way })}
          options={own.length > 0 ? own : figure.measures.map((one) => ({ value: one.name, label: headOf(one) }))}
          style={{ minWidth: 170 }}
        />
        <PeriodPicker
          first={search.get('first')}
          last={search.get('last')}
          onChange={({ first, last }) => set({ first, last, [AT]: undefined })}
        />
        <Segmented
          aria-label={text('race.title')}
          value={question.pace ?? STANDING}
          onChange={(pace) => set({ [RACE]: pace === STANDING ? undefined : pace, [AT]: undefined })}
          options={[{ value: STANDING, label: text('race.standing') }, ...paces]}
        />
      </div>
      {found.isPending && <Loading />}
      {found.error !== null && <Failed error={found.error} again={() => void found.refetch()} />}
      {found.data !== undefined && (
        <Board figure={figure} page={found.data} by={by} question={question} addressOf={read} />
      )}
    </div>
  );
}
