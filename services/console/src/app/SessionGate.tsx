/** Lets in who is signed in, and asks everybody else to sign in. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useCallback, useEffect } from 'react';
import { Known, KnownContext } from '../api/catalogue';
import { Problem, request } from '../api/client';
import { current, forget } from '../api/session';
import type { Catalogue, CurrentSession } from '../api/shapes';
import { ChangePassword } from '../pages/sign-in/ChangePassword';
import { SignIn } from '../pages/sign-in/SignIn';
import { OwnContext, useKeptOwn } from './own';
import { usePreferences, useText } from './preferences';
import { Shell } from './Shell';
import { Failed, Loading } from './states';

export const SESSION = ['session'];

function isOver(error: unknown): boolean {
  return error instanceof Problem && error.status === 401;
}

/** Any page may find that the session has ended. */
function useEndOfSession() {
  const queries = useQueryClient();
  useEffect(
    () =>
      queries.getQueryCache().subscribe(({ query }) => {
        if (!isOver(query.state.error) || queries.getQueryData(SESSION) === null) return;
        forget();
        queries.setQueryData(SESSION, null);
      }),
    [queries],
  );
}

export function SessionGate() {
  const queries = useQueryClient();
  useEndOfSession();
  const session = useQuery({ queryKey: SESSION, queryFn: current, staleTime: Infinity });
  const entered = (found: CurrentSession) => {
    queries.removeQueries({ predicate: (query) => query.queryKey[0] !== SESSION[0] });
    queries.setQueryData(SESSION, found);
  };
  if (session.isPending) return <Loading />;
  if (session.error !== null && !isOver(session.error)) {
    return <Failed error={session.error} again={() => void session.refetch()} />;
  }
  if (session.data === null || session.data === undefined) return <SignIn onEntered={entered} />;
  if (session.data.must_change_password === true) {
    return <ChangePassword onChanged={() => void session.refetch()} />;
  }
  return <WithCatalogue session={session.data} />;
}

/** What the reader keeps; the console is shown as he likes it from the moment that this has come. */
function useOwnOf(account: string) {
  const { choose } = usePreferences();
  const { message } = App.useApp();
  const text = useText();
  const failed = useCallback(() => void message.error(text('problem.notKept')), [message, text]);
  const kept = useKeptOwn(account, failed);
  const display = kept?.own.display;
  useEffect(() => {
    if (display !== undefined) choose(display);
  }, [display, choose]);
  return kept;
}

function WithCatalogue({ session }: { session: CurrentSession }) {
  const { language } = usePreferences();
  const found = useQuery({
    queryKey: ['catalogue', session.account, language],
    queryFn: async () => new Known(await request<Catalogue>(`/catalogue?language=${language}`)),
    staleTime: Infinity,
    placeholderData: (before) => before,
  });
  const kept = useOwnOf(session.account);
  if (found.error !== null) {
    return <Failed error={found.error} again={() => void found.refetch()} />;
  }
  if (found.isPending || kept === undefined) return <Loading />;
  return (
    <KnownContext value={found.data}>
      <OwnContext value={kept}>
        <Shell session={session} />
      </OwnContext>
    </KnownContext>
  );
}
