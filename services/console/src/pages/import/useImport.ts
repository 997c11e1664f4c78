/** Sends a file to be imported; the same file under the same name changes nothing more. */
import { useState } from 'react';
import { Problem, upload } from '../../api/client';
import type { ImportJob } from '../../api/shapes';
import { askedOf, type Asked } from './columns';

const CSV = 'text/csv';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export function useImport() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const send = async (file: File, asked: Asked): Promise<ImportJob | null> => {
    setBusy(true);
    setProblem(null);
    const type = file.name.toLowerCase().endsWith('.xlsx') ? XLSX : CSV;
    try {
      return await upload<ImportJob>(`/imports?${askedOf(asked).toString()}`, file, type);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
      return null;
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, send };
}
