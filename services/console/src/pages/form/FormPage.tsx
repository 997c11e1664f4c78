/** The form of any command, made from its description in the catalogue. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useKnown } from '../../api/catalogue';
import { request } from '../../api/client';
import type { Command, Thing } from '../../api/shapes';
import { usePlace } from '../../app/route';
import { Loading } from '../../app/states';
import { CommandForm } from './CommandForm';

/** The state that the form was opened on: that of the card it was opened from. */
function useSeen(command: Command, id: string | null, version: string | null) {
  const known = useKnown();
  const now = id === null ? undefined : known.cardOf(command.kind, id);
  const card = now === undefined || version === null ? now : `${now}/at/${version}`;
  return useQuery({
    queryKey: ['form', card],
    queryFn: () => request<Thing>(card ?? ''),
    enabled: card !== undefined && command.begins !== true,
    staleTime: Infinity,
    gcTime: 0,
  });
}

export default function FormPage({ command }: { command: Command }) {
  const { search } = usePlace();
  const [round, setRound] = useState(0);
  const id = search.get('id');
  const seen = useSeen(command, id, search.get('version'));
  if (seen.isLoading) return <Loading />;
  const anew = () => setRound(round + 1);
  return <CommandForm key={round} command={command} id={id} seen={seen.data} onAnew={anew} />;
}
