/** From page to page: cursors lead on, and the browser leads back. */
import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { Button, Select } from 'antd';
import type { ListPage } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { changed, PAGE_SIZES, sizeOf } from './asked';

interface PagerProps {
  page: Pick<ListPage, 'cursor' | 'next'> | undefined;
  search: URLSearchParams;
  ask: (next: URLSearchParams) => void;
}

export function Pager({ page, search, ask }: PagerProps) {
  const text = useText();
  const isFirst = !search.has('cursor');
  const cursor = page?.next === null ? null : (page?.cursor ?? null);
  if (isFirst && cursor === null) return null;
  const on = () => {
    const next = new URLSearchParams(search);
    next.set('cursor', cursor ?? '');
    ask(next);
  };
  return (
    <div className="bar" style={{ marginTop: 12, justifyContent: 'flex-end' }}>
      <Select
        aria-label={text('list.rows')}
        value={sizeOf(search)}
        onChange={(size) => ask(changed(search, (next) => next.set('limit', String(size))))}
        options={PAGE_SIZES.map((size) => ({ value: size, label: size }))}
      />
      <Button icon={<LeftOutlined />} disabled={isFirst} onClick={() => window.history.back()}>
        {text('list.previous')}
      </Button>
      <Button
        icon={<RightOutlined />}
        iconPlacement="end"
        disabled={cursor === null}
        onClick={on}
      >
        {text('list.next')}
      </Button>
    </div>
  );
}
