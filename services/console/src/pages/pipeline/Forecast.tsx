/** What stands open, and what of it is to be expected, by how deals have fared so far. */
import { useKnown } from '../../api/catalogue';
import { useText } from '../../app/preferences';
import { shortMoney } from '../../values/format';
import { Tiles } from '../../values/Tiles';
import { useManner } from '../../values/useManner';
import { forecastOf, type Stage } from './stages';

export function Forecast({ stages }: { stages: Stage[] }) {
  const text = useText();
  const manner = useManner();
  const amount = useKnown().figure('funnel')?.measures.find((one) => one.name === 'amount');
  const tiles = forecastOf(stages).flatMap(({ currency, open, expected }) => [
    { title: `${text('pipeline.open')}: ${amount?.label ?? ''} ${currency}`, value: shortMoney(open, currency, manner) },
    { title: `${text('pipeline.expected')} ${currency}`, value: shortMoney(expected, currency, manner) },
  ]);
  if (tiles.length === 0) return null;
  return (
    <section aria-label={text('pipeline.forecast')} title={text('pipeline.forecastHelp')}>
      <Tiles tiles={tiles} />
    </section>
  );
}
