/** Does one thing at a time, and keeps what was wrong with it. */
import { useState } from 'react';
import { Problem } from '../api/client';

export function useAttempt() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  /** Nothing where the platform said no; any other fault is thrown. */
  const attempt = async <T>(act: () => Promise<T>): Promise<T | null> => {
    setBusy(true);
    setProblem(null);
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
      return null;
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, attempt };
}
