/** Which events: of what, of which type, by whom. */
import { Input, Select } from 'antd';
import { useKnown } from '../../api/catalogue';
import { useText } from '../../app/preferences';
import type { Asked } from './ways';

interface FiltersProps {
  asked: Asked;
  ask: (next: Asked) => void;
}

export function Filters({ asked, ask }: FiltersProps) {
  const text = useText();
  const known = useKnown();
  const kinds = known.all.kinds.map(({ name, label }) => ({ value: name, label }));
  const types = known.all.events.map(({ name, label }) => ({ value: name, label }));
  const many = { mode: 'multiple', maxTagCount: 'responsive', allowClear: true } as const;
  const search = { optionFilterProp: 'label' };
  return (
    <div className="question">
      <Select
        {...many}
        showSearch={search}
        aria-label={text('stream.kinds')}
        placeholder={text('stream.everyKind')}
        value={asked.kinds}
        options={kinds}
        onChange={(chosen) => ask({ ...asked, kinds: chosen })}
      />
      <Select
        {...many}
        showSearch={search}
        aria-label={text('stream.types')}
        placeholder={text('stream.everyType')}
        value={asked.types}
        options={types}
        onChange={(chosen) => ask({ ...asked, types: chosen })}
      />
      <Input.Search
        allowClear
        aria-label={text('stream.actor')}
        placeholder={text('stream.anybody')}
        defaultValue={asked.actor}
        onSearch={(actor) => ask({ ...asked, actor })}
      />
    </div>
  );
}
