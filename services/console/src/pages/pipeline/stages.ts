/** Stages in their order with their figures, and when a deal is stuck in one. */
import type { Row } from '../../api/shapes';

export const CLOSED = ['won', 'lost'];
/** So many times longer than deals usually are in a stage. */
const TOO_LONG = 2;
const SECOND = 1_000;

export interface Stage {
  name: string;
  deals: number;
  entered: number;
  /** Seconds that deals were in it on average; nothing yet where none has left it. */
  usual: number | null;
  /** One for each currency. */
  rows: Row[];
}

export function pipelinesOf(rows: Row[]): string[] {
  return [...new Set(rows.map((row) => String(row.pipeline)))];
}

export interface PipelineStage {
  pipeline: string;
  stage: string;
}

/** All stages of a pipeline in its order, with the figures of each. */
export function stagesOf(rows: Row[], order: PipelineStage[], pipeline: string): Stage[] {
  const own = rows.filter((row) => row.pipeline === pipeline);
  const ordered = order.filter((one) => one.pipeline === pipeline).map((one) => one.stage);
  const names = [...new Set([...ordered, ...own.map((row) => String(row.stage))])];
  const sum = (of: Row[], field: string) =>
    of.reduce((sofar, row) => sofar + Number(row[field] ?? 0), 0);
  return names.map((name) => {
    const each = own.filter((row) => row.stage === name);
    const left = sum(each, 'advanced') + sum(each, 'went_back') + sum(each, 'lost');
    const usual = each.length === 1 ? each[0]?.average_seconds : sum(each, 'seconds') / left;
    return {
      name,
      deals: sum(each, 'deals'),
      entered: sum(each, 'entered'),
      usual: typeof usual === 'number' && Number.isFinite(usual) ? usual : null,
      rows: each,
    };
  });
}

export interface CurrencyForecast {
  currency: string;
  open: number;
  expected: number;
}

/** Of what stands in each stage as much as deals went on from it, and from each after it, to the end. */
export function forecastOf(stages: Stage[]): CurrencyForecast[] {
  const open = stages.filter((one) => !CLOSED.includes(one.name)).reverse();
  const found = new Map<string, CurrencyForecast>();
  const chances = new Map<string, number>();
  for (const row of open.flatMap((one) => one.rows)) {
    const currency = String(row.currency);
    const chance = ((chances.get(currency) ?? 1) * Number(row.conversion_bp ?? 0)) / 10_000;
    chances.set(currency, chance);
    const sofar = found.get(currency) ?? { currency, open: 0, expected: 0 };
    const amount = Number(row.amount ?? 0);
    found.set(currency, { ...sofar, open: sofar.open + amount, expected: sofar.expected + Math.round(amount * chance) });
  }
  return [...found.values()].filter((one) => one.open > 0);
}

export function secondsIn(deal: Row, now: number): number {
  return Math.max(0, (now - Date.parse(String(deal.stage_since))) / SECOND);
}

/** The latest moment at which a deal that is stuck now entered its stage. */
export function stuckBefore(stage: Stage, now: number): string | null {
  if (stage.usual === null) return null;
  return new Date(now - TOO_LONG * stage.usual * SECOND).toISOString();
}

export function isStuck(deal: Row, stage: Stage, now: number): boolean {
  return stage.usual !== null && secondsIn(deal, now) > TOO_LONG * stage.usual;
}
