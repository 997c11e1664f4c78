/** Search, filter, columns and export of a list. */
import { DownloadOutlined, FilterOutlined, TableOutlined, UploadOutlined } from '@ant-design/icons';
import { Button, Checkbox, Dropdown, Input, Popover } from 'antd';
import { useState } from 'react';
import { useKnown } from '../../api/catalogue';
import type { Kind } from '../../api/shapes';
import { useOwn } from '../../app/own';
import { useText, type Translate } from '../../app/preferences';
import { go } from '../../app/route';
import { usePhone } from '../../app/usePhone';
import { asFile, changed, chosenColumns, columnsOf, linesOf } from './asked';
import { ConditionForm } from './ConditionForm';
import { SavedViews } from './SavedViews';
import { SortChoice } from './SortChoice';

interface ToolbarProps {
  kind: Kind;
  search: URLSearchParams;
  ask: (next: URLSearchParams) => void;
}

const FORMATS = [
  { key: 'csv', label: 'CSV' },
  { key: 'xlsx', label: 'Excel (XLSX)' },
];

function filesOfLines(kind: Kind, text: Translate) {
  return linesOf(kind).map((one) => ({
    key: `xlsx ${one.name}`,
    label: text('list.each', { lines: one.label }),
  }));
}

export function Toolbar({ kind, search, ask }: ToolbarProps) {
  const text = useText();
  const phone = usePhone();
  const [filtering, setFiltering] = useState(false);
  const find = (words: string) =>
    ask(
      changed(search, (next) => {
        if (words.trim() === '') next.delete('q');
        else next.set('q', words.trim());
      }),
    );
  const known = useKnown();
  const beginning = (kind.commands ?? []).find((name) => known.command(name)?.begins === true);
  const isSearched = (kind.fields ?? []).some((one) => one.searched === true);
  return (
    <div className="bar">
      {isSearched && (
        <Input.Search
          key={search.get('q') ?? ''}
          defaultValue={search.get('q') ?? ''}
          placeholder={text('list.search')}
          aria-label={text('list.search')}
          allowClear
          onSearch={find}
          style={{ width: 'min(100%, 320px)' }}
        />
      )}
      <Popover
        trigger="click"
        placement="bottomLeft"
        open={filtering}
        onOpenChange={setFiltering}
        content={
          <ConditionForm
            kind={kind}
            search={search}
            ask={(next) => {
              setFiltering(false);
              ask(next);
            }}
          />
        }
      >
        <Button icon={<FilterOutlined />}>{text('list.filter')}</Button>
      </Popover>
      {phone && <SortChoice kind={kind} search={search} ask={ask} />}
      <Popover
        trigger="click"
        placement="bottomLeft"
        content={<Columns kind={kind} search={search} ask={ask} />}
      >
        <Button icon={<TableOutlined />}>{text('list.columns')}</Button>
      </Popover>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [...FORMATS, ...filesOfLines(kind, text)],
          onClick: ({ key }) => {
            const [format = '', each] = key.split(' ');
            window.location.assign(asFile(kind, search, format, each));
          },
        }}
      >
        <Button icon={<DownloadOutlined />}>{text('list.export')}</Button>
      </Dropdown>
      {beginning !== undefined && (
        <Button icon={<UploadOutlined />} onClick={() => go(`/import?command=${beginning}`)}>
          {text('list.import')}
        </Button>
      )}
      <SavedViews kind={kind} search={search} ask={ask} />
    </div>
  );
}

function Columns({ kind, search, ask }: ToolbarProps) {
  const text = useText();
  const { change } = useOwn();
  const every = columnsOf(kind);
  const chosen = chosenColumns(kind, search).map((one) => one.name);
  const choose = (names: string[]) => {
    const inOrder = every.map((one) => one.name).filter((name) => names.includes(name));
    if (inOrder.length === 0) return;
    change({ columns: { [kind.name]: inOrder } });
    ask(changed(search, (next) => next.set('fields', inOrder.join(','))));
  };
  const reset = () => {
    change({ columns: { [kind.name]: null } });
    ask(changed(search, (next) => next.delete('fields')));
  };
  return (
    <div style={{ maxWidth: 320 }}>
      <Checkbox.Group
        value={chosen}
        onChange={choose}
        options={every.map((one) => ({ value: one.name, label: one.label }))}
        style={{ flexDirection: 'column', flexWrap: 'nowrap', maxHeight: 380, overflowY: 'auto' }}
      />
      <div style={{ marginTop: 8 }}>
        <Button size="small" onClick={reset}>
          {text('list.reset')}
        </Button>
      </div>
    </div>
  );
}
