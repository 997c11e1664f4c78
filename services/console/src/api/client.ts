/** Requests to the public API, in the language and under the session of whoever reads. */

export interface Fault {
  message: string;
  label?: string;
  pointer?: string;
  parameter?: string;
}

interface ProblemBody {
  title?: string;
  detail?: string;
  type?: string;
  errors?: Fault[];
}

/** An answer that is a no, or none at all (status 0). */
export class Problem extends Error {
  readonly status: number;
  readonly title: string;
  readonly type: string;
  readonly faults: Fault[];

  constructor(status: number, body: ProblemBody) {
    super(body.detail ?? body.title ?? String(status));
    this.status = status;
    this.title = body.title ?? '';
    this.type = body.type ?? '';
    this.faults = body.errors ?? [];
  }
}

let language = 'en';
let csrfToken: string | null = null;

export function speak(chosen: string): void {
  language = chosen;
}

export function bearToken(token: string | null): void {
  csrfToken = token;
}

let going = new AbortController();
let over = false;

/** An answer that nobody waits for any more. */
const NEVER = new Promise<never>(() => undefined);

/** Breaks off whatever is asked, and asks nothing after `last` unless that fails: the session has ended. */
export async function breakOff<T>(last: () => Promise<T>): Promise<T> {
  over = true;
  going.abort();
  going = new AbortController();
  try {
    return await last();
  } catch (error) {
    over = false;
    throw error;
  }
}

export interface Sent {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Whether it ends the session. */
  last?: boolean;
}

async function problemOf(answer: Response): Promise<Problem> {
  const body = (await answer.json().catch(() => ({}))) as ProblemBody;
  return new Problem(answer.status, body);
}

export async function request<T>(path: string, sent: Sent = {}): Promise<T> {
  if (over && sent.last !== true) return NEVER;
  const headers: Record<string, string> = { 'Accept-Language': language, ...sent.headers };
  const session = going.signal;
  if (sent.body !== undefined) headers['Content-Type'] = 'application/json';
  if (sent.method !== undefined && csrfToken !== null) headers['X-CSRF-Token'] = csrfToken;
  let answer: Response;
  try {
    answer = await fetch(path, {
      method: sent.method ?? 'GET',
      headers,
      body: sent.body === undefined ? undefined : JSON.stringify(sent.body),
      signal: sent.signal === undefined ? session : AbortSignal.any([sent.signal, session]),
      // Who closes the window at once has signed out all the same.
      keepalive: sent.last === true,
    });
  } catch (error) {
    if (session.aborted) return NEVER;
    if (sent.signal?.aborted === true) throw error;
    throw new Problem(0, {});
  }
  if (!answer.ok) throw await problemOf(answer);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

/** Sends a file as it is, under a key of its own. */
export async function upload<T>(path: string, file: Blob, type: string): Promise<T> {
  const headers: Record<string, string> = {
    'Accept-Language': language,
    'Content-Type': type,
    'Idempotency-Key': crypto.randomUUID(),
  };
  if (csrfToken !== null) headers['X-CSRF-Token'] = csrfToken;
  const answer = await fetch(path, { method: 'POST', headers, body: file }).catch(() => null);
  if (answer === null) throw new Problem(0, {});
  if (!answer.ok) throw await problemOf(answer);
  return (await answer.json()) as T;
}

/** So long after a command its reader may meet a view that has not heard of it yet. */
const CATCHING_UP = 30_000;
let written = { position: 0, at: -CATCHING_UP };

export function wrote(position: number): void {
  written = { position, at: performance.now() };
}

/** The address of a read that waits for what the reader himself has just written. */
export function withOwnWrites(path: string): string {
  if (performance.now() - written.at > CATCHING_UP) return path;
  const more = `min_position=${String(written.position)}&wait=10`;
  return path.includes('?') ? `${path}&${more}` : `${path}?${more}`;
}

/** A path with its parameters; what is empty is left out. */
export function withQuery(path: string, search: URLSearchParams): string {
  const query = search.toString();
  return query === '' ? path : `${path}?${query}`;
}
