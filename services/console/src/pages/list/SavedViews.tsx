/** Lists under a name of the reader's own; their addresses can be sent to anybody. */
import { DeleteOutlined, StarOutlined } from '@ant-design/icons';
import { Button, Input, Popover, Typography } from 'antd';
import { useState } from 'react';
import type { Kind } from '../../api/shapes';
import { useOwn, type SavedView } from '../../app/own';
import { useText } from '../../app/preferences';
import { withView } from './saved';

interface SavedViewsProps {
  kind: Kind;
  search: URLSearchParams;
  ask: (next: URLSearchParams) => void;
}

export function SavedViews({ kind, search, ask }: SavedViewsProps) {
  const text = useText();
  const [open, setOpen] = useState(false);
  const { own, change } = useOwn();
  const views = own.views?.[kind.name] ?? [];
  const [name, setName] = useState('');
  const store = (changed: SavedView[]) => change({ views: { [kind.name]: changed } });
  const save = () => {
    if (name.trim() === '') return;
    store(withView(views, name.trim(), search));
    setName('');
  };
  const content = (
    <div style={{ width: 260 }}>
      {views.length === 0 && <Typography.Text type="secondary">{text('views.none')}</Typography.Text>}
      {views.map((one) => (
        <div key={one.name} className="deal-line">
          <button
            type="button"
            className="choice"
            onClick={() => {
              setOpen(false);
              ask(new URLSearchParams(one.query));
            }}
          >
            {one.name}
          </button>
          <Button
            type="text"
            size="small"
            icon={<DeleteOutlined />}
            aria-label={text('views.remove', { name: one.name })}
            onClick={() => store(views.filter((each) => each !== one))}
          />
        </div>
      ))}
      <div className="deal-line" style={{ marginTop: 8 }}>
        <Input
          value={name}
          aria-label={text('views.name')}
          placeholder={text('views.name')}
          onChange={(event) => setName(event.target.value)}
          onPressEnter={save}
        />
        <Button onClick={save}>{text('views.save')}</Button>
      </div>
    </div>
  );
  return (
    <Popover trigger="click" placement="bottomLeft" open={open} onOpenChange={setOpen} content={content}>
      <Button icon={<StarOutlined />}>{text('views.title')}</Button>
    </Popover>
  );
}
