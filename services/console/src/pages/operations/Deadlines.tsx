/** What processes will ask by themselves, in the order in which it is due; each may be kept from it. */
import { Button } from 'antd';
import { useState } from 'react';
import { useKnown } from '../../api/catalogue';
import type { Deadline } from '../../api/shapes';
import { useText } from '../../app/preferences';
import { PagedTable } from '../../tables/PagedTable';
import { instant, named } from '../../values/format';
import { StreamLink } from '../../values/StreamLink';
import { useManner } from '../../values/useManner';
import { useCommand } from '../form/useCommand';
import { Reason } from './Reason';

export function Deadlines() {
  const text = useText();
  const known = useKnown();
  const manner = useManner();
  const cancel = known.command('cancel-deadline');
  const { busy, problem, send } = useCommand(cancel);
  const [chosen, setChosen] = useState<Deadline | null>(null);
  /** What a process alone asks has no label in the catalogue: its purpose says what it is. */
  const labelled = ({ command, purpose }: Deadline) =>
    known.command(command)?.label ?? named('purpose', purpose, text);
  const submit = async ({ process, purpose, subject, scheduled_by }: Deadline, reason: string) => {
    const { answer } = await send({ id: process, purpose, subject, scheduled_by, reason }, '*');
    if (answer !== null) setChosen(null);
  };
  return (
    <>
      <PagedTable<Deadline>
        address="/deadlines?limit=50"
        file="deadlines"
        rowKey={(one) => `${one.process} ${one.subject} ${one.purpose} ${one.due}`}
        empty={text('operations.noDeadlines')}
        columns={[
          { title: text('operations.due'), render: (_, one) => instant(one.due, manner) },
          { title: text('operations.purpose'), render: (_, one) => labelled(one) },
          { title: text('why.of'), render: (_, one) => <StreamLink stream={one.about} /> },
          { title: text('operations.process'), render: (_, one) => named('process', one.process, text) },
          { title: text('operations.error'), render: (_, one) => one.error },
          {
            key: 'do',
            render: (_, one) =>
              cancel !== undefined && (
                <Button size="small" onClick={() => setChosen(one)}>
                  {text('operations.cancelDeadline')}
                </Button>
              ),
          },
        ]}
      />
      {chosen !== null && (
        <Reason
          title={`${cancel?.label ?? ''} · ${labelled(chosen)}`}
          help={text('operations.cancelHelp')}
          action={cancel?.label ?? ''}
          busy={busy}
          problem={problem}
          onClose={() => setChosen(null)}
          onSaid={(reason) => void submit(chosen, reason)}
        />
      )}
    </>
  );
}
