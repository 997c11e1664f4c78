/** The pages, lists and figures that the reader may see; lists and figures by context. */
import { HomeOutlined } from '@ant-design/icons';
import { Menu, type MenuProps } from 'antd';
import { useMemo } from 'react';
import { useKnown, type Known } from '../api/catalogue';
import { OWN_PAGES } from './ownPages';
import { useText } from './preferences';
import { go, usePlace } from './route';

type Items = NonNullable<MenuProps['items']>;

function itemsOf(known: Known, context: string): Items {
  const kinds = known.all.kinds
    .filter((one) => one.context === context && typeof one.address === 'string')
    .map((one) => ({ key: one.address ?? '', label: one.plural }));
  const figures = known.all.figures
    .filter((one) => one.context === context)
    .map((one) => ({ key: `/figures/${one.name}`, label: one.label }));
  return [...kinds, ...figures];
}

/** Groups that are open where no page of any is shown. */
const OPEN_AT_HOME = 4;

/** The first two steps of a figure's address, the first of a card's. */
function chosenOf(path: string): string {
  const steps = path.split('/').slice(1);
  return `/${steps.slice(0, steps[0] === 'figures' ? 2 : 1).join('/')}`;
}

export function Navigation({ onChosen }: { onChosen?: () => void }) {
  const known = useKnown();
  const text = useText();
  const chosen = chosenOf(usePlace().path);
  const items = useMemo<Items>(() => {
    const groups = known.all.contexts
      .map((one) => ({ key: one.name, label: one.label, children: itemsOf(known, one.name) }))
      .filter((one) => one.children.length > 0);
    const own = OWN_PAGES.filter((one) => one.fits(known)).map(({ path, title, icon }) => ({
      key: path,
      label: text(title),
      icon,
    }));
    return [
      { key: '/', label: text('app.home'), icon: <HomeOutlined /> },
      ...own,
      { type: 'divider' },
      ...groups,
    ];
  }, [known, text]);
  const around = known.all.contexts.find((one) =>
    itemsOf(known, one.name).some((item) => item?.key === chosen),
  );
  const open = known.all.contexts.slice(0, OPEN_AT_HOME).map((one) => one.name);
  return (
    <nav aria-label={text('app.menu')}>
      <Menu
        mode="inline"
        items={items}
        selectedKeys={[chosen]}
        defaultOpenKeys={around === undefined ? open : [around.name]}
        inlineIndent={16}
        style={{ borderInlineEnd: 0 }}
        onClick={({ key }) => {
          go(key);
          onChosen?.();
        }}
      />
    </nav>
  );
}
