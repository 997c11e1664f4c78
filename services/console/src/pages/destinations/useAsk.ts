/** Asks something of a destination, says what was wrong, and looks at all of them again. */
import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useState } from 'react';
import { Problem, request } from '../../api/client';

export function useAsk() {
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const ask = async <T>(path: string, body?: unknown, method = 'POST'): Promise<T | null> => {
    setBusy(true);
    try {
      return await request<T>(path, { method, body });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      void message.error(error.message);
      return null;
    } finally {
      setBusy(false);
      await queries.invalidateQueries({ queryKey: ['destinations'] });
    }
  };
  return { busy, ask };
}
