/** Two states of one thing side by side, line by line; what differs is marked in more than colour. */
import { DownOutlined, RightOutlined } from '@ant-design/icons';
import { Button, Tag, Typography } from 'antd';
import { useState } from 'react';
import type { Field, Names, Row } from '../api/shapes';
import { useText } from '../app/preferences';
import { Nothing } from '../app/states';
import { Changed } from './Changed';
import './differences.css';
import { differencesOf, type Difference } from './leaves';
import { isLine, isSame, partsOf, tellingOf, type Line } from './lines';

interface DifferencesProps {
  fields: Field[];
  before: Row;
  after: Row;
  /** What the two sides are called. */
  heads?: [string, string];
  names?: Names;
}

export function Differences({ fields, before, after, heads, names }: DifferencesProps) {
  const text = useText();
  const [all, setAll] = useState(false);
  const parts = partsOf(differencesOf(fields, before, after));
  const same = parts.filter(isSame).length;
  const [first, second] = heads ?? [text('card.before'), text('card.after')];
  const shared = { heads: [first, second] as [string, string], names, all };
  return (
    <div className="differences">
      {same === parts.length && <Nothing>{text('differences.none')}</Nothing>}
      {(same < parts.length || all) && (
        <table>
          <thead>
            <tr>
              <th scope="col">{text('card.field')}</th>
              <th scope="col">{first}</th>
              <th scope="col">{second}</th>
            </tr>
          </thead>
          <tbody>
            {parts
              .filter((one) => all || !isSame(one))
              .map((one) =>
                isLine(one) ? (
                  <LineRows key={one.path} line={one} {...shared} />
                ) : (
                  <ValueRow key={one.path} of={one} {...shared} />
                ),
              )}
          </tbody>
        </table>
      )}
      {same > 0 && (
        <Button type="link" size="small" aria-expanded={all} onClick={() => setAll(!all)}>
          {text(all ? 'differences.fold' : 'differences.unfold', { n: same })}
        </Button>
      )}
    </div>
  );
}

interface Shown {
  heads: [string, string];
  names: Names | undefined;
  all: boolean;
}

interface ValueRowProps extends Shown {
  of: Difference;
  within?: Line;
}

/** The whole label is there for whoever hears it; who sees it sees what it stands below. */
function ValueRow({ of, heads, names, all, within }: ValueRowProps) {
  const text = useText();
  const above = within === undefined ? '' : `${within.label} › `;
  const isBelow = above !== '' && of.label.startsWith(above);
  return (
    <tr data-row-key={of.path} className={of.same ? '' : 'differs'}>
      <th scope="row" className={isBelow ? 'below' : ''}>
        {isBelow && <span className="unseen">{above}</span>}
        {isBelow ? of.label.slice(above.length) : of.label}
        {all && !of.same && <Tag>{text('differences.changed')}</Tag>}
      </th>
      <td data-label={heads[0]}>
        <Changed of={of} side="before" names={names} />
      </td>
      <td data-label={heads[1]}>
        <Changed of={of} side="after" names={names} />
      </td>
    </tr>
  );
}

/** A line that came or went is told in one row, and opened by whoever wants all of it. */
function LineRows({ line, ...shared }: Shown & { line: Line }) {
  const text = useText();
  const [chosen, setChosen] = useState<boolean | null>(null);
  const open = chosen ?? line.state === 'changed';
  const rows = line.rows.filter((one) => shared.all || !one.same);
  const isOnOneSide = line.state === 'new' || line.state === 'gone';
  return (
    <>
      <tr data-row-key={line.path} className={line.state === 'same' ? '' : `differs is-${line.state}`}>
        <th scope="row">
          <button type="button" className="jump" aria-expanded={open} onClick={() => setChosen(!open)}>
            {open ? <DownOutlined aria-hidden /> : <RightOutlined aria-hidden />} {line.label}
          </button>{' '}
          {line.state !== 'same' && <Tag>{text(`differences.${line.state}`)}</Tag>}
        </th>
        {(['before', 'after'] as const).map((side, index) => (
          <td key={side} data-label={shared.heads[index]}>
            {isOnOneSide && !open && line.rows[0]?.[side] !== undefined && (
              <Telling line={line} side={side} names={shared.names} />
            )}
          </td>
        ))}
      </tr>
      {open && rows.map((one) => <ValueRow key={one.path} of={one} within={line} {...shared} />)}
    </>
  );
}

interface TellingProps {
  line: Line;
  side: 'before' | 'after';
  names: Names | undefined;
}

function Telling({ line, side, names }: TellingProps) {
  return (
    <span className="telling">
      {tellingOf(line).map((one) => (
        <span key={one.path}>
          <Typography.Text type="secondary" className="small">
            {one.label.slice(line.label.length + 3)}
          </Typography.Text>{' '}
          <Changed of={one} side={side} names={names} />
        </span>
      ))}
    </span>
  );
}
