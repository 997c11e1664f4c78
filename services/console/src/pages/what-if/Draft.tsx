/** What is to be tried: several settings, or several values of one, for the same days. */
import { Alert, Button, Card, DatePicker, Segmented, Tag } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import type { Catalogue } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { useBegin } from '../../jobs/useJobs';
import { useManner } from '../../values/useManner';
import { DAY, wordsOf, type Asked, type Trial } from './trial';
import { TrialForm } from './TrialForm';

export type Known = Catalogue['settings'][number];
/** So many at a time. */
const MOST = 8;

interface DraftProps {
  settings: Known[];
  asked: Asked;
  onBegun: (job: string) => void;
}

function daysOf({ first, last }: Asked): [Dayjs, Dayjs] {
  const lastMonth = dayjs().startOf('month').subtract(1, 'day');
  return first === null || last === null ? [lastMonth.startOf('month'), lastMonth] : [dayjs(first), dayjs(last)];
}

export function Draft({ settings, asked, onBegun }: DraftProps) {
  const text = useText();
  const manner = useManner();
  const [chosen, setChosen] = useState(asked.settings ?? settings[0]?.name ?? '');
  const [days, setDays] = useState(daysOf(asked));
  const [trials, setTrials] = useState<Trial[]>([]);
  const { busy, problem, begin } = useBegin('what-if');
  const one = settings.find(({ name }) => name === chosen) ?? settings[0];
  if (one === undefined) return null;
  const start = async (all: Trial[]) => {
    const [since, until] = [days[0], days[1].add(1, 'day')].map((day) => day.format(DAY));
    const job = await begin({ since, until, trials: all });
    if (job === null) return;
    setTrials([]);
    onBegun(job.id);
  };
  const named = (trial: Trial) => {
    const of = settings.find(({ name }) => name === trial.id);
    return `${of?.label ?? trial.id}: ${wordsOf(trial.values, of?.fields ?? [], manner)}`;
  };
  return (
    <Card size="small">
      <div className="bar">
        <Segmented
          aria-label={text('settings.title')}
          value={one.name}
          options={settings.map(({ name, label }) => ({ value: name, label }))}
          onChange={setChosen}
        />
        <span className="grow" />
        <DatePicker.RangePicker
          aria-label={text('whatIf.period')}
          allowClear={false}
          value={days}
          disabledDate={(day) => day.isAfter(dayjs(), 'day')}
          onChange={(next) => {
            if (next?.[0] != null && next[1] != null) setDays([next[0], next[1]]);
          }}
        />
      </div>
      <TrialForm key={one.name} settings={one} values={asked.settings === one.name ? asked.values : {}}>
        {(read) => (
          <div className="bar">
            <Button
              type="primary"
              loading={busy}
              onClick={() => {
                const trial = read(trials.length > 0);
                if (trial !== null || trials.length > 0) void start(trial === null ? trials : [...trials, trial]);
              }}
            >
              {text('whatIf.try')}
            </Button>
            <Button
              disabled={trials.length >= MOST - 1}
              onClick={() => {
                const trial = read(false);
                if (trial !== null) setTrials([...trials, trial]);
              }}
            >
              {text('whatIf.beside')}
            </Button>
            {trials.map((trial, at) => (
              <Tag key={named(trial)} closable onClose={() => setTrials(trials.filter((_, other) => other !== at))}>
                {named(trial)}
              </Tag>
            ))}
          </div>
        )}
      </TrialForm>
      {problem !== null && <Alert type="error" showIcon title={problem.message} />}
    </Card>
  );
}
