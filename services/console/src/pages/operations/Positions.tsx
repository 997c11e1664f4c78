/** Up to which event each reader of the log is, and how far it is behind. */
import { Tag, Typography } from 'antd';
import { useKnown } from '../../api/catalogue';
import type { Status } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { PlainTable } from '../../tables/PlainTable';
import { duration } from '../../values/format';
import { Tiles } from '../../values/Tiles';
import { useManner } from '../../values/useManner';

interface PositionsProps {
  status: Status;
}

function Lag({ events }: { events: number }) {
  return events === 0 ? <Tag color="success">0</Tag> : <Tag color="warning">{events}</Tag>;
}

export function Whole({ status }: PositionsProps) {
  const text = useText();
  const manner = useManner();
  const told: [string, number | string][] = [
    [text('operations.head'), status.head],
    [text('operations.published'), status.published ?? text('operations.notPublished')],
    [text('operations.queue'), status.queue],
    [text('operations.streams'), status.streams],
    [text('operations.untold'), status.notices.waiting],
    [text('operations.lostNotes'), status.access_notes.lost],
  ];
  return (
    <Tiles tiles={told.map(([title, value]) => ({ title, value: value.toLocaleString(manner.language) }))} />
  );
}

export function Views({ status }: PositionsProps) {
  const text = useText();
  const known = useKnown();
  const manner = useManner();
  return (
    <PlainTable
      rowKey="name"
      dataSource={Object.entries(status.views).map(([name, one]) => ({ name, ...one }))}
      columns={[
        {
          title: text('operations.view'),
          render: (_, one) => (
            <>
              {known.kindOfList(one.name)?.plural ?? known.figure(one.name)?.label}{' '}
              <Typography.Text type="secondary">{one.name}</Typography.Text>
            </>
          ),
        },
        { title: text('operations.generation'), dataIndex: 'generation', className: 'number' },
        { title: text('operations.position'), dataIndex: 'position', className: 'number' },
        {
          title: text('operations.lag'),
          className: 'number',
          sorter: (one, other) => one.lag_events - other.lag_events,
          render: (_, one) => <Lag events={one.lag_events} />,
        },
        {
          title: text('operations.lagTime'),
          className: 'number',
          render: (_, one) => duration(one.lag_seconds, manner),
        },
      ]}
    />
  );
}

export function Processes({ status }: PositionsProps) {
  const text = useText();
  return (
    <PlainTable
      rowKey="name"
      dataSource={Object.entries(status.processes).map(([name, one]) => ({ name, ...one }))}
      columns={[
        { title: text('operations.process'), dataIndex: 'name' },
        { title: text('operations.position'), dataIndex: 'position', className: 'number' },
        {
          title: text('operations.lag'),
          className: 'number',
          render: (_, one) => <Lag events={one.lag_events} />,
        },
        { title: text('operations.refused'), dataIndex: 'refusals', className: 'number' },
        {
          title: text('operations.parked'),
          className: 'number',
          render: (_, one) => one.parked_events,
        },
        {
          title: text('operations.waitingDeadlines'),
          className: 'number',
          render: (_, one) => one.deadlines?.waiting ?? '–',
        },
        {
          title: text('operations.held'),
          render: (_, one) =>
            one.deadlines?.held != null && <Tag color="warning">{one.deadlines.held}</Tag>,
        },
      ]}
    />
  );
}
