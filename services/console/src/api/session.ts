/** Who is signed in. The cookie is out of reach; that there is one is remembered beside it. */
import { bearToken, breakOff, request } from './client';
import type { CurrentSession, DemoPerson } from './shapes';

const REMEMBERED = 'distributary.signed-in';

function begun(session: CurrentSession): CurrentSession {
  bearToken(session.csrf_token ?? null);
  localStorage.setItem(REMEMBERED, '1');
  return session;
}

export async function current(): Promise<CurrentSession | null> {
  if (localStorage.getItem(REMEMBERED) === null) return null;
  return begun(await request<CurrentSession>('/sessions/current'));
}

export async function signIn(account: string, password: string): Promise<CurrentSession> {
  const body = { account, password };
  return begun(await request<CurrentSession>('/sessions', { method: 'POST', body }));
}

export async function demoPeople(): Promise<DemoPerson[]> {
  return (await request<{ data: DemoPerson[] }>('/sessions/demo')).data;
}

export async function signInAs(account: string): Promise<CurrentSession> {
  const body = { account };
  return begun(await request<CurrentSession>('/sessions/demo', { method: 'POST', body }));
}

/** Going to the company's own issuer, which comes back to the console. */
export function signInByIssuer(): void {
  localStorage.setItem(REMEMBERED, '1');
  window.location.assign('/sessions/oidc?return_to=/console/');
}

export async function signOut(): Promise<void> {
  localStorage.removeItem(REMEMBERED);
  try {
    await breakOff(() => request('/sessions/current', { method: 'DELETE', last: true }));
  } catch (error) {
    localStorage.setItem(REMEMBERED, '1');
    throw error;
  }
  forget();
}

export function forget(): void {
  bearToken(null);
  localStorage.removeItem(REMEMBERED);
}

export async function changePassword(old: string, chosen: string): Promise<void> {
  await request('/password', { method: 'PUT', body: { old, new: chosen } });
}
