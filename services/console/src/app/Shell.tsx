/** The frame of every page: navigation at the side, the reader's own matters on top. */
import { MenuOutlined } from '@ant-design/icons';
import { Button, Drawer, Grid, Layout, theme } from 'antd';
import { useState, type CSSProperties } from 'react';
import type { CurrentSession } from '../api/shapes';
import { Moment } from './Moment';
import { Navigation } from './Navigation';
import { Pages } from './Pages';
import { PaletteButton } from './PaletteButton';
import { useText } from './preferences';
import { ReaderMenu } from './ReaderMenu';
import { Link } from './route';

const WIDTH = 244;

function Brand() {
  return (
    <div className="brand">
      <img src="/console/icon.svg" alt="" />
      <Link to="/">Distributary</Link>
    </div>
  );
}

export function Shell({ session }: { session: CurrentSession }) {
  const text = useText();
  const { token } = theme.useToken();
  const wide = Grid.useBreakpoint().lg === true;
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  const edge = `1px solid ${token.colorBorderSecondary}`;
  const background = token.colorBgContainer;
  const surface = { '--surface': background } as CSSProperties;
  return (
    <Layout style={{ minHeight: '100vh', ...surface }}>
      <a className="skip" href="#content">
        {text('app.skip')}
      </a>
      {wide && (
        <Layout.Sider className="side" width={WIDTH} style={{ background, borderInlineEnd: edge }}>
          <Brand />
          <Navigation />
        </Layout.Sider>
      )}
      <Layout>
        <Layout.Header className="head" style={{ background, borderBottom: edge }}>
          {!wide && (
            <>
              <Button
                type="text"
                icon={<MenuOutlined />}
                aria-label={text('app.menu')}
                onClick={() => setOpen(true)}
              />
              <Brand />
            </>
          )}
          <PaletteButton />
          <span className="grow" />
          <Moment />
          <ReaderMenu session={session} />
        </Layout.Header>
        <Layout.Content id="content">
          <Pages session={session} />
        </Layout.Content>
      </Layout>
      <Drawer
        title={text('app.menu')}
        placement="left"
        size={WIDTH + 40}
        open={open && !wide}
        onClose={close}
        styles={{ body: { padding: 0 } }}
      >
        <Navigation onChosen={close} />
      </Drawer>
    </Layout>
  );
}
