/** Where the log ends, and up to which event each process is. */
import { Tag, Typography } from 'antd';
import type { Status } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { FileTable } from '../../tables/FileTable';
import { named } from '../../values/format';
import { Tiles } from '../../values/Tiles';
import { useManner } from '../../values/useManner';

interface PositionsProps {
  status: Status;
}

export function Lag({ events }: { events: number }) {
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

export function Processes({ status }: PositionsProps) {
  const text = useText();
  const manner = useManner();
  return (
    <FileTable
      file="processes"
      rowKey="name"
      dataSource={Object.entries(status.processes).map(([name, one]) => ({ name, ...one }))}
      columns={[
        {
          title: text('operations.process'),
          render: (_, one) => (
            <>
              {named('process', one.name, text)} <Typography.Text type="secondary">{one.name}</Typography.Text>
            </>
          ),
        },
        {
          title: text('operations.position'),
          className: 'number',
          render: (_, one) => one.position.toLocaleString(manner.language),
        },
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
