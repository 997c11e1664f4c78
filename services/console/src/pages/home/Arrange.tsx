/** The cards of the first page as a list: put away, taken out and moved up, each by the keyboard as well. */
import { ArrowUpOutlined } from '@ant-design/icons';
import { Button, Drawer, Switch } from 'antd';
import type { Layout } from '../../app/own';
import { useText } from '../../app/preferences';
import type { HomeCard } from './cards';
import { movedUp, switched, USUAL } from './layout';

interface ArrangeProps {
  open: boolean;
  cards: HomeCard[];
  layout: Layout;
  onChange: (layout: Layout) => void;
  onClose: () => void;
}

export function Arrange({ open, cards, layout, onChange, onClose }: ArrangeProps) {
  const text = useText();
  const names = cards.map((one) => one.name);
  return (
    <Drawer
      open={open}
      onClose={onClose}
      title={text('home.arrange')}
      extra={
        <Button size="small" onClick={() => onChange(USUAL)}>
          {text('home.usual')}
        </Button>
      }
    >
      <p style={{ marginTop: 0 }}>{text('home.arrangeHelp')}</p>
      <ul className="waiting">
        {cards.map(({ name, title }, index) => (
          <li key={name}>
            <Switch
              size="small"
              checked={!layout.hidden.includes(name)}
              aria-label={text('home.shown', { name: title })}
              onChange={() => onChange(switched(layout, name))}
            />
            <span className="grow">{title}</span>
            <Button
              type="text"
              size="small"
              icon={<ArrowUpOutlined />}
              disabled={index === 0}
              aria-label={text('home.up', { name: title })}
              onClick={() => onChange({ ...layout, order: movedUp(names, name) })}
            />
          </li>
        ))}
      </ul>
    </Drawer>
  );
}
