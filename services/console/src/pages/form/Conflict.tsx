/** Somebody else was faster: what was seen beside what is, and the choice to go on. */
import { useQuery } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { useKnown } from '../../api/catalogue';
import { request } from '../../api/client';
import type { Command, Row, Thing } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { Differences } from '../../values/Differences';

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
              <Differences
                fields={kind?.fields ?? []}
                before={seen}
                after={now}
                heads={[text('form.seen'), text('form.now')]}
              />
              <Button onClick={() => onTaken(String(now.version))}>{text('form.sendAnyway')}</Button>
            </>
          )}
        </>
      }
    />
  );
}
