/** What may be begun for a thing, as a menu; the form knows what it is for. */
import { DownOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { useKnown } from '../../api/catalogue';
import type { Kind, Row } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { go, useMoment } from '../../app/route';
import { beginningsOf } from './begins';

export function BeginMenu({ kind, row }: { kind: Kind; row: Row }) {
  const text = useText();
  const known = useKnown();
  const past = useMoment() !== null;
  const choices = beginningsOf(known.all.commands, kind, row);
  if (past || choices.length === 0) return null;
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: choices.map(({ command }) => ({ key: command.name, label: command.label })),
        onClick: ({ key }) => go(choices.find((one) => one.command.name === key)?.to ?? '/'),
      }}
    >
      <Button>
        {text('card.begin')} <DownOutlined />
      </Button>
    </Dropdown>
  );
}
