/** Who came first at the end of each day, week or month: played, or led by hand to any of them. */
import { CaretRightOutlined, PauseOutlined } from '@ant-design/icons';
import { Button, Slider, Typography } from 'antd';
import { useCallback } from 'react';
import { withQuery } from '../../api/client';
import type { Field, Figure, ListPage } from '../../api/shapes';
import { usePreferences, useText } from '../../app/preferences';
import { go, usePlace } from '../../app/route';
import { greatest, placesAtTheEnd } from './frames';
import { AT } from './question';
import { RaceBars } from './RaceBars';
import { useRace } from './useRace';

interface RaceProps {
  figure: Figure;
  page: ListPage;
  measure: Field;
  days: string[];
  day: string;
  addressOf: (day: string) => string;
}

export function Race({ figure, page, measure, days, day, addressOf }: RaceProps) {
  const text = useText();
  const { language } = usePreferences();
  const { path, search } = usePlace();
  const query = search.toString();
  const at = Math.max(0, days.indexOf(day));
  const goTo = useCallback(
    (frame: number) => {
      const next = new URLSearchParams(query);
      next.set(AT, days[frame] ?? '');
      go(withQuery(path, next), { replace: true });
    },
    [path, query, days],
  );
  const { pages, running, run } = useRace(days.map(addressOf), at, language, goTo);
  const byHand = (frame: number) => {
    run(false);
    goTo(frame);
  };
  const name = text(running ? 'race.pause' : 'race.play');
  return (
    <section aria-label={text('race.title')}>
      <div className="race-head">
        <Button
          type="primary"
          shape="circle"
          aria-label={name}
          title={name}
          icon={running ? <PauseOutlined /> : <CaretRightOutlined />}
          onClick={() => run(!running)}
        />
        <Slider
          min={0}
          max={days.length - 1}
          value={at}
          onChange={byHand}
          tooltip={{ formatter: (frame) => days[frame ?? 0] }}
          ariaLabelForHandle={text('race.at')}
          ariaValueTextFormatterForHandle={(frame) => days[frame] ?? ''}
          className="race-slider"
        />
        <Typography.Text strong>{day}</Typography.Text>
      </div>
      <RaceBars
        figure={figure}
        page={page}
        measure={measure}
        most={greatest([page, ...pages], measure.name)}
        colours={placesAtTheEnd([page, ...pages])}
        label={day}
      />
    </section>
  );
}
