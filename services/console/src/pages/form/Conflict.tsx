/** Somebody else was faster: what was seen beside what is, and the choice to go on. */
import { useQuery } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { useKnown } from '../../api/catalogue';
import { request } from '../../api/client';
import type { Command, Field, Row, Thing } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { PlainTable } from '../../tables/PlainTable';
import { Value } from '../../values/Value';

interface ConflictProps {
  command: Command;
  id: string | null;
  seen: Row;
  onTaken: (version: string) => void;
}

export function Conflict({ command, id, seen, onTaken }: ConflictProps) {
  const text = useText();
  const known = useKnown();
  const kind = known.kind(command.kind);
  const card = id === null ? undefined : known.cardOf(command.kind, id);
  const found = useQuery({
    queryKey: ['conflict', card],
    queryFn: () => request<Thing>(card ?? ''),
    enabled: card !== undefined,
    gcTime: 0,
    staleTime: 0,
  });
  const now = found.data?.data ?? {};
  const changed = (kind?.fields ?? []).filter(
    (one) => JSON.stringify(now[one.name]) !== JSON.stringify(seen[one.name]),
  );
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      title={text('form.conflict')}
      style={{ marginBottom: 16 }}
      description={
        <>
          {text('form.conflictHelp')}
          {found.data !== undefined && (
            <>
              <PlainTable<Field>
                rowKey="name"
                dataSource={changed}
                style={{ margin: '10px 0' }}
                columns={[
                  { title: text('card.field'), dataIndex: 'label' },
                  { title: text('form.seen'), render: (_, one) => <Value field={one} row={seen} /> },
                  { title: text('form.now'), render: (_, one) => <Value field={one} row={now} /> },
                ]}
              />
              <Button onClick={() => onTaken(String(now.version))}>{text('form.sendAnyway')}</Button>
            </>
          )}
        </>
      }
    />
  );
}
