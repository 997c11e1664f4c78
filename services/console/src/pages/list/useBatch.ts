/** Sends one command for many things in one request, and keeps what was refused of it. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Problem, request, wrote } from '../../api/client';
import type { BatchOutcome, Command, Row } from '../../api/shapes';

export interface RefusedRow {
  id: string;
  message: string;
}

/** The outcome of a row is what its command alone would have been answered. */
interface RowOutcome {
  status: number;
  row: number;
  detail?: string;
  title?: string;
  position?: number;
}

const REFUSED = 400;

export function useBatch(command: Command) {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<RefusedRow[]>([]);
  const send = async (rows: Row[], body: Row): Promise<BatchOutcome | null> => {
    setBusy(true);
    const asked = rows.map((row) => ({
      command: command.name,
      body: { ...body, id: row.id },
      ...(command.version === true ? { expected: row.version } : {}),
    }));
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    try {
      const found = await request<BatchOutcome>('/commands', { method: 'POST', body: asked, headers });
      const outcomes = found.outcomes as RowOutcome[];
      const named = (at: number) => String(rows[at]?.id ?? '');
      const wrong = outcomes.filter((one) => one.status >= REFUSED);
      setRefused(wrong.map((one) => ({ id: named(one.row), message: one.detail ?? one.title ?? '' })));
      wrote(Math.max(0, ...outcomes.map((one) => one.position ?? 0)));
      await queries.invalidateQueries({ predicate: (one) => one.queryKey[0] !== 'session' });
      return found;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setRefused([{ id: '', message: error.message }]);
      return null;
    } finally {
      setBusy(false);
    }
  };
  return { busy, send, refused };
}
