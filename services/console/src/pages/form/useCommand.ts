/** Sends a command once, however often the button is pressed, and says what became of it. */
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Problem, request, wrote } from '../../api/client';
import type { Command, Row } from '../../api/shapes';

export interface Answer {
  id?: string;
  position?: number;
  stream: string;
  version: number;
  events?: { type: string }[];
  repeated?: boolean;
  request?: { id: string; address: string };
}

/** What became of it: an answer, or what was wrong. */
export interface Outcome {
  answer: Answer | null;
  problem: Problem | null;
}

export interface Sending {
  busy: boolean;
  problem: Problem | null;
  send: (body: Row, version: string | undefined) => Promise<Outcome>;
}

const NOTHING: Outcome = { answer: null, problem: null };

/** The state has moved on since it was seen. */
export function isConflict(problem: Problem | null): boolean {
  return problem?.status === 412;
}

/**
 * One key for one body: a second click, or a second try after the answer was lost, does nothing
 * more. What was refused and then corrected is another request.
 */
export function useCommand(command: Command | undefined): Sending {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const key = useRef(crypto.randomUUID());
  const running = useRef(false);
  const send = async (body: Row, version: string | undefined): Promise<Outcome> => {
    if (running.current || command === undefined) return NOTHING;
    running.current = true;
    setBusy(true);
    setProblem(null);
    const headers: Record<string, string> = { 'Idempotency-Key': key.current };
    if (version !== undefined) headers['If-Match'] = version === '*' ? '*' : `"${version}"`;
    try {
      const answer = await request<Answer>(command.address, { method: 'POST', body, headers });
      if (answer.position !== undefined) wrote(answer.position);
      await queries.invalidateQueries({ predicate: (one) => one.queryKey[0] !== 'session' });
      key.current = crypto.randomUUID();
      return { answer, problem: null };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
      if (error.status > 0 && error.status < 500) key.current = crypto.randomUUID();
      return { answer: null, problem: error };
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return { busy, problem, send };
}
