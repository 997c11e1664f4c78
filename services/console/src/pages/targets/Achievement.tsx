/** One target in numbers: planned, reached, the rate and the pace, what is left and what covers it. */
import type { Figure } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { currencyOf, headOf, short } from '../../values/format';
import { Tiles } from '../../values/Tiles';
import { useManner } from '../../values/useManner';
import { Actual } from './Actual';
import { PaceTag } from './PaceTag';
import type { Target } from './tree';

const TOLD = ['planned', 'actual', 'rate_bp', 'pace_bp', 'gap', 'open_deals', 'uncovered'];

export function Achievement({ figure, target }: { figure: Figure; target: Target }) {
  const text = useText();
  const manner = useManner();
  const fields = TOLD.map((name) => figure.measures.find((one) => one.name === name))
    .filter((one) => one !== undefined)
    .filter((one) => target[one.name] !== null);
  const value = (name: string) => {
    const field = fields.find((one) => one.name === name);
    if (field === undefined) return null;
    return short(target[name], field, manner, currencyOf(field, target));
  };
  return (
    <Tiles
      tiles={fields.map((field) => ({
        title: field.name === 'pace_bp' ? text('targets.pace') : headOf(field),
        value:
          field.name === 'actual' ? (
            <Actual target={target}>{value('actual')}</Actual>
          ) : field.name === 'pace_bp' ? (
            <>
              {value('pace_bp')} <PaceTag figure={figure} target={target} />
            </>
          ) : (
            value(field.name)
          ),
      }))}
    />
  );
}
