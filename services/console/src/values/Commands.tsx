/** Commands as buttons: the first few to hand, the others in a menu. */
import { DownOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { useKnown } from '../api/catalogue';
import type { Kind } from '../api/shapes';
import { useText } from '../app/preferences';
import { BASE, go, useMoment } from '../app/route';

const TO_HAND = 3;

export interface Choice {
  name: string;
  label: string;
  to: string;
  /** It takes the thing no further. */
  amends?: boolean;
}

export function CommandButtons({ choices }: { choices: Choice[] }) {
  const text = useText();
  // The past is looked at; what is done is done now.
  const past = useMoment() !== null;
  const [first, others] = [choices.slice(0, TO_HAND), choices.slice(TO_HAND)];
  if (past) return null;
  return (
    <>
      {first.map(({ name, label, to, amends }, index) => (
        <Button
          key={name}
          type={index === 0 && amends !== true ? 'primary' : 'default'}
          href={BASE + to}
          onClick={(event) => {
            event.preventDefault();
            go(to);
          }}
        >
          {label}
        </Button>
      ))}
      {others.length > 0 && (
        <Dropdown
          trigger={['click']}
          menu={{
            items: others.map(({ name, label }) => ({ key: name, label })),
            onClick: ({ key }) => go(others.find((one) => one.name === key)?.to ?? '/'),
          }}
        >
          <Button>
            {text('card.actions')} <DownOutlined />
          </Button>
        </Dropdown>
      )}
    </>
  );
}

/** Those that make a new thing of a kind, or those that any state fits. */
export function Commands({ kind, beginning }: { kind: Kind; beginning: boolean }) {
  const known = useKnown();
  const choices = (kind.commands ?? [])
    .map((name) => known.command(name))
    .filter((one) => one !== undefined && (one.begins === true) === beginning)
    .map((one) => ({ name: one?.name ?? '', label: one?.label ?? '', to: `/commands/${one?.name ?? ''}` }));
  return <CommandButtons choices={choices} />;
}
