/** Sends a file to be imported; the same file under the same name changes nothing more. */
import { upload } from '../../api/client';
import type { ImportJob } from '../../api/shapes';
import { useAttempt } from '../../app/useAttempt';
import { askedOf, type Asked } from './columns';

const CSV = 'text/csv';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export function useImport() {
  const { busy, problem, attempt } = useAttempt();
  const send = (file: File, asked: Asked): Promise<ImportJob | null> => {
    const type = file.name.toLowerCase().endsWith('.xlsx') ? XLSX : CSV;
    return attempt(() => upload<ImportJob>(`/imports?${askedOf(asked).toString()}`, file, type));
  };
  return { busy, problem, send };
}
