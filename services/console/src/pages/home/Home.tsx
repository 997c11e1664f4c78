/** What waits for the reader and what was reached, as it happens, arranged as the reader likes it. */
import { AppstoreOutlined } from '@ant-design/icons';
import { Badge, Button, Typography } from 'antd';
import { useState } from 'react';
import { useKnown } from '../../api/catalogue';
import type { CurrentSession } from '../../api/shapes';
import { useOwn } from '../../app/own';
import { useText } from '../../app/preferences';
import { Nothing } from '../../app/states';
import { Together } from '../../app/Together';
import { Arrange } from './Arrange';
import { cardsFor } from './cards';
import { arranged, USUAL } from './layout';
import { useLive } from './useLive';

export function Home({ session }: { session: CurrentSession }) {
  const text = useText();
  const known = useKnown();
  const live = useLive();
  const { own, change } = useOwn();
  const layout = own.home ?? USUAL;
  const [arranging, setArranging] = useState(false);
  const cards = arranged(cardsFor(known, text, own.views), layout);
  const shown = cards.filter((one) => !layout.hidden.includes(one.name));
  return (
    <div className="page">
      <div className="page-head">
        <Typography.Title level={1}>{text('home.hello', { name: session.account })}</Typography.Title>
        <span className="grow" />
        <Badge
          status={live ? 'success' : 'default'}
          text={text(live ? 'home.live' : 'home.liveLost')}
        />
        <Button icon={<AppstoreOutlined />} onClick={() => setArranging(true)}>
          {text('home.arrange')}
        </Button>
      </div>
      {shown.length === 0 && <Nothing>{text('home.empty')}</Nothing>}
      <Together className="cards home">
        {shown.map(({ name, wide, content }) => (
          <div key={name} className={wide === true ? 'wide' : undefined}>
            {content}
          </div>
        ))}
      </Together>
      <Arrange
        open={arranging}
        cards={cards}
        layout={layout}
        onChange={(home) => change({ home })}
        onClose={() => setArranging(false)}
      />
    </div>
  );
}
