/** What dealers reported beside what the book said: of each dealer and item the latest report. */
import type { Row } from '../../api/shapes';

export interface ReportedLine {
  key: string;
  report: string;
  dealer: string;
  item: string;
  reported: number;
  book: number | null;
  variance: number | null;
  variance_reason: string | null;
  status: string;
  reported_at: string;
}

type Told = Pick<ReportedLine, 'item' | 'reported' | 'book' | 'variance' | 'variance_reason'>;

/** The reports come latest first; what waits for a decision stands before what has one. */
export function latestReports(reports: Row[]): ReportedLine[] {
  const found = new Map<string, ReportedLine>();
  for (const report of reports) {
    const dealer = String(report.dealer);
    for (const { item, reported, book, variance, variance_reason } of report.lines as Told[]) {
      const key = `${dealer} ${item}`;
      if (found.has(key)) continue;
      found.set(key, {
        key,
        report: String(report.id),
        dealer,
        item,
        reported,
        book,
        variance,
        variance_reason,
        status: String(report.status),
        reported_at: String(report.reported_at),
      });
    }
  }
  const waits = (one: ReportedLine) => (one.status === 'reported' ? 1 : 0);
  const off = (one: ReportedLine) => Math.abs(one.variance ?? Infinity);
  return [...found.values()].sort((one, other) => waits(other) - waits(one) || off(other) - off(one) || 0);
}
