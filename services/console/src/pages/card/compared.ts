/** Which two states of a thing are compared: each is a version, or a moment of the clock. */
import { asOf } from '../../app/route';

export interface Moments {
  from: string;
  to: string;
}

export function versionOf(at: string): number | undefined {
  return /^\d+$/.test(at) ? Number(at) : undefined;
}

/** What the address says; else all that has changed since it began. */
export function momentsOf(search: URLSearchParams, last: number): Moments {
  return { from: search.get('from') ?? '1', to: search.get('to') ?? String(last) };
}

/** A version beside the one before it. */
export function steppedTo(version: number): Moments {
  return { from: String(Math.max(1, version - 1)), to: String(version) };
}

export function addressAt(address: string, at: string): string {
  const version = versionOf(at);
  if (version !== undefined) return `${address}/at/${String(version)}?expand=names`;
  return asOf(`${address}?expand=names`, at);
}
