/** An id, or several, found by typing what the thing is called. */
import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import { useKnown } from '../api/catalogue';
import { request } from '../api/client';
import type { Kind, ListPage } from '../api/shapes';
import { usePreferences, useText } from '../app/preferences';
import { titleOf } from './summary';
import { usePaused } from './usePaused';

interface ReferenceInputProps {
  kinds: string[];
  value?: string | string[];
  onChange?: (value: string | undefined) => void;
  /** Several of them, in the order in which they were chosen. */
  onMany?: (values: string[]) => void;
  id?: string;
  disabled?: boolean;
  placeholder?: string;
  label?: string;
}

const SHOWN = 20;

interface Option {
  value: string;
  label: string;
}

async function found(kinds: Kind[], asked: Record<string, string>): Promise<Option[]> {
  const query = new URLSearchParams({ ...asked, limit: String(SHOWN) });
  const pages = await Promise.all(
    kinds.map((kind) => request<ListPage>(`${kind.address ?? ''}?${query.toString()}`)),
  );
  return pages
    .flatMap((page) => page.data)
    .map((row) => ({ id: String(row.id), title: titleOf(row) }))
    .map(({ id, title }) => ({ value: id, label: title === id ? id : `${title} · ${id}` }));
}

/** What was filled in before anything was looked for has its name as well. */
function useNamed(lists: Kind[], value: string | string[] | undefined, options: Option[]): Option[] {
  const isNew = typeof value === 'string' && options.every((one) => one.value !== value);
  const named = useQuery({
    queryKey: ['referred', lists.map((one) => one.name).join(','), value],
    queryFn: () => found(lists, { id: String(value) }),
    enabled: isNew && lists.length > 0,
    retry: false,
  });
  return isNew ? [...options, ...(named.data ?? [])] : options;
}

export function ReferenceInput(props: ReferenceInputProps) {
  const { kinds, value, onChange, onMany, id, disabled, placeholder, label } = props;
  const text = useText();
  const known = useKnown();
  const { language } = usePreferences();
  const [typed, setTyped] = useState('');
  const [opened, setOpened] = useState(false);
  const words = usePaused(typed.trim());
  const lists = kinds
    .map((name) => known.kind(name))
    .filter((one) => one !== undefined)
    .filter((one) => typeof one.address === 'string');
  const search = useQuery({
    queryKey: ['reference', kinds.join(','), words, language],
    queryFn: () => found(lists, words === '' ? {} : { q: words }),
    enabled: opened && lists.length > 0,
    placeholderData: (before) => before,
  });
  const options = useNamed(lists, value, search.data ?? []);
  // An id that is known already can be written as it is, where nobody may look it up.
  const own = words === '' || options.some((one) => one.value === words);
  const shown = own ? options : [...options, { value: words, label: words }];
  const isOfWords = typed.trim() === words && !search.isPlaceholderData;
  return (
    <Select<string | string[]>
      id={id}
      value={value}
      mode={onMany === undefined ? undefined : 'multiple'}
      disabled={disabled}
      allowClear
      showSearch={{ filterOption: false, onSearch: setTyped }}
      onOpenChange={(open) => open && setOpened(true)}
      onChange={(chosen?: string | string[]) =>
        Array.isArray(chosen) ? onMany?.(chosen) : onChange?.(chosen)
      }
      placeholder={placeholder ?? text('form.reference')}
      aria-label={label}
      loading={search.isFetching}
      defaultActiveFirstOption={isOfWords} // by Enter nobody chooses what other words had found
      options={shown}
      style={{ width: '100%' }}
    />
  );
}
