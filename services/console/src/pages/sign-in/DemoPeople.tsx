/** The people of the demo company, each one click away. */
import { Button, Typography } from 'antd';
import type { DemoPerson } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { en } from '../../texts/en';
import type { TextName } from '../../texts';

interface DemoPeopleProps {
  people: DemoPerson[];
  busy: boolean;
  onChosen: (account: string) => void;
}

function isText(name: string): name is TextName {
  return name in en;
}

export function DemoPeople({ people, busy, onChosen }: DemoPeopleProps) {
  const text = useText();
  const roleOf = (role: string) => {
    const name = `role.${role}`;
    return isText(name) ? text(name) : role;
  };
  return (
    <section>
      <Typography.Title level={2} style={{ fontSize: 17, margin: '6px 0' }}>
        {text('signIn.demo')}
      </Typography.Title>
      <Typography.Paragraph style={{ margin: 0 }}>{text('signIn.demoHelp')}</Typography.Paragraph>
      <div className="people">
        {people.map(({ account, name, role }, index) => (
          <Button
            key={account}
            className="person"
            type={index === 0 ? 'primary' : 'default'}
            disabled={busy}
            onClick={() => onChosen(account)}
          >
            <span>
              {name}
              <small>{roleOf(role)}</small>
            </span>
          </Button>
        ))}
      </div>
    </section>
  );
}
