/** One deal on the board: what it is worth, whose it is, and how long it has stood there. */
import { SwapOutlined } from '@ant-design/icons';
import { Button, Dropdown, Tag, Tooltip, Typography } from 'antd';
import { useKnown } from '../../api/catalogue';
import type { ListPage, Row } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Link } from '../../app/route';
import { duration, named } from '../../values/format';
import { titleOf } from '../../values/summary';
import { useManner } from '../../values/useManner';
import { Value } from '../../values/Value';
import { isStuck, secondsIn, type Stage } from './stages';

interface DealProps {
  deal: Row;
  page: ListPage;
  stage: Stage;
  now: number;
  targets: string[];
  busy: boolean;
  onDrag: (deal: Row | null) => void;
  onMove: (deal: Row, stage: string) => void;
}

export function Deal({ deal, page, stage, now, targets, busy, onDrag, onMove }: DealProps) {
  const text = useText();
  const known = useKnown();
  const manner = useManner();
  const field = (name: string) =>
    known.kind('opportunity')?.fields?.find((one) => one.name === name);
  const shown = (name: string) => {
    const found = field(name);
    return found !== undefined && <Value field={found} row={deal} names={page.names} />;
  };
  const others = targets.filter((one) => one !== stage.name);
  const usual = duration(stage.usual ?? 0, manner);
  return (
    <article
      className="deal"
      draggable={others.length > 0 && !busy}
      aria-busy={busy}
      onDragStart={(event) => {
        event.dataTransfer.setData('text/plain', String(deal.id));
        onDrag(deal);
      }}
      onDragEnd={() => onDrag(null)}
    >
      <div className="deal-line">
        <span className="grow">
          <Link to={known.cardOf('opportunity', String(deal.id)) ?? '/'}>{titleOf(deal)}</Link>
        </span>
        {others.length > 0 && (
          <Dropdown
            trigger={['click']}
            menu={{
              items: others.map((one) => ({ key: one, label: named('stage', one, text) })),
              onClick: ({ key }) => onMove(deal, key),
            }}
          >
            <Button
              type="text"
              size="small"
              icon={<SwapOutlined />}
              loading={busy}
              aria-label={text('pipeline.move', { title: titleOf(deal) })}
            />
          </Dropdown>
        )}
      </div>
      <div className="small">{shown('customer')}</div>
      <div className="deal-line">
        <Typography.Text strong className="grow deal-amount">
          {shown('amount')}
        </Typography.Text>
        <span className="small">{shown('rep')}</span>
      </div>
      <div className="deal-line">
        <Typography.Text type="secondary" className="small grow">
          {text('pipeline.since', { time: duration(secondsIn(deal, now), manner) })}
        </Typography.Text>
        {isStuck(deal, stage, now) && (
          <Tooltip title={text('pipeline.stuckHelp', { usual })}>
            <Tag color="warning">{text('pipeline.stuck')}</Tag>
          </Tooltip>
        )}
      </div>
    </article>
  );
}
