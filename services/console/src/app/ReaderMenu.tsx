/** Who is signed in, and how the console is shown: language, light or dark, wide or tight. */
import { BulbOutlined, CompressOutlined, LogoutOutlined, UserOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Dropdown, Tooltip } from 'antd';
import { signOut } from '../api/session';
import type { CurrentSession } from '../api/shapes';
import { useOwn } from './own';
import { usePreferences, useText, type Preferences } from './preferences';
import { BASE } from './route';

/** Each language is named in itself. */
const OTHER = { en: '中文', 'zh-CN': 'English' } as const;

interface DisplayButtonsProps {
  /** What was chosen, besides being shown. */
  onChosen?: (changed: Partial<Preferences>) => void;
}

export function DisplayButtons({ onChosen }: DisplayButtonsProps) {
  const text = useText();
  const { language, dark, compact, choose: show } = usePreferences();
  const choose = (changed: Partial<Preferences>) => {
    show(changed);
    onChosen?.(changed);
  };
  return (
    <>
      <Button
        type="text"
        onClick={() => choose({ language: language === 'en' ? 'zh-CN' : 'en' })}
        lang={language === 'en' ? 'zh-CN' : 'en'}
      >
        {OTHER[language]}
      </Button>
      <Tooltip title={text('app.dark')}>
        <Button
          type="text"
          icon={<BulbOutlined />}
          aria-label={text('app.dark')}
          aria-pressed={dark}
          onClick={() => choose({ dark: !dark })}
        />
      </Tooltip>
      <Tooltip title={text('app.compact')}>
        <Button
          type="text"
          className="wide-only"
          icon={<CompressOutlined />}
          aria-label={text('app.compact')}
          aria-pressed={compact}
          onClick={() => choose({ compact: !compact })}
        />
      </Tooltip>
    </>
  );
}

export function ReaderMenu({ session }: { session: CurrentSession }) {
  const text = useText();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const { change } = useOwn();
  const leave = async () => {
    try {
      await signOut();
      // Nothing of what was seen stays in this window.
      window.location.replace(`${BASE}/`);
    } catch {
      void message.error(text('problem.offline'));
      await queries.invalidateQueries();
    }
  };
  const items = [{ key: 'out', icon: <LogoutOutlined />, label: text('app.signOut') }];
  return (
    <>
      <DisplayButtons onChosen={(display) => change({ display })} />
      <Dropdown menu={{ items, onClick: () => void leave() }} trigger={['click']}>
        <Button type="text" icon={<UserOutlined />}>
          {session.account}
        </Button>
      </Dropdown>
    </>
  );
}
