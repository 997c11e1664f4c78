/** Trials beside each other: what was, and what each would have been. */
import { Typography } from 'antd';
import { useKnown } from '../../api/catalogue';
import type { TrialReport } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { FileTable } from '../../tables/FileTable';
import { useManner } from '../../values/useManner';
import type { Known } from './Draft';
import { MEASURES, more, sumOf, type Pair } from './trial';

interface BesideProps {
  trials: TrialReport[];
  named: (trial: TrialReport) => string;
  settings: Known[];
}

interface Line {
  label: string;
  /** Whether it counts what differs: there was none. */
  counts?: boolean;
  /** Nothing where the trial is of other settings. */
  pairs: (Pair | undefined)[];
}

export function Beside({ trials, named, settings }: BesideProps) {
  const text = useText();
  const known = useKnown();
  const { language } = useManner();
  const figure = known.figure('points');
  const measures = MEASURES.map((name) => ({
    label: figure?.measures.find((one) => one.name === name)?.label ?? name,
    pairs: trials.map((trial) => (trial.points == null ? undefined : sumOf(trial, name))),
  }));
  const others = (label: string, of: (trial: TrialReport) => number | undefined): Line => ({
    label,
    counts: true,
    pairs: trials.map((trial) => {
      const would_be = of(trial);
      return would_be === undefined ? undefined : { was: 0, would_be };
    }),
  });
  const lines = [
    ...measures,
    others(text('whatIf.redemptions'), (trial) => trial.points?.other_decisions),
    others(text('whatIf.reservations'), (trial) => trial.reservations?.other_reservations),
  ].filter((line) => line.pairs.some((pair) => pair !== undefined));
  const past = (line: Line) =>
    line.counts === true ? '' : line.pairs.find((pair) => pair !== undefined)?.was.toLocaleString(language);
  return (
    <FileTable<Line>
      file="what-if"
      rowKey="label"
      dataSource={lines}
      columns={[
        { title: text('whatIf.measure'), dataIndex: 'label' },
        { title: text('whatIf.was'), className: 'number', render: (_, line) => past(line) },
        ...trials.map((trial, at) => ({
          title: (
            <>
              <span className="small">{settings.find((one) => one.name === trial.id)?.label}</span>
              <br />
              {named(trial)}
            </>
          ),
          key: String(at),
          className: 'number',
          render: (_: unknown, line: Line) => <WouldBe line={line} pair={line.pairs[at]} language={language} />,
        })),
      ]}
    />
  );
}

interface WouldBeProps {
  line: Line;
  pair: Pair | undefined;
  language: string;
}

function WouldBe({ line, pair, language }: WouldBeProps) {
  if (pair === undefined) return null;
  const shown = pair.would_be.toLocaleString(language);
  if (pair.was === pair.would_be) return <Typography.Text type="secondary">{shown}</Typography.Text>;
  return (
    <>
      <strong>{shown}</strong> {line.counts !== true && <span className="small">({more(pair, language)})</span>}
    </>
  );
}
