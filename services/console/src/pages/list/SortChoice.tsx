/** In which order, where no table head is there to be clicked. */
import { Select } from 'antd';
import type { Kind } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { headOf } from '../../values/format';
import { changed, chosenColumns, sortedBy } from './asked';

interface SortChoiceProps {
  kind: Kind;
  search: URLSearchParams;
  ask: (next: URLSearchParams) => void;
}

export function SortChoice({ kind, search, ask }: SortChoiceProps) {
  const text = useText();
  const sorted = sortedBy(search);
  const options = chosenColumns(kind, search)
    .filter((one) => one.sorted === true)
    .flatMap((one) => [
      { value: one.name, label: `${headOf(one)} ↑` },
      { value: `-${one.name}`, label: `${headOf(one)} ↓` },
    ]);
  return (
    <Select
      aria-label={text('list.order')}
      placeholder={text('list.order')}
      allowClear
      value={sorted === null ? undefined : `${sorted.down ? '-' : ''}${sorted.field}`}
      options={options}
      style={{ minWidth: 132 }}
      onChange={(by: string | undefined) =>
        ask(
          changed(search, (next) => {
            if (by === undefined) next.delete('sort');
            else next.set('sort', by);
          }),
        )
      }
    />
  );
}
