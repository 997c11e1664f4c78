"""Who asks: found by an API key or by a session, and believed for a few seconds."""

import hmac
import threading
import time
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.types import Scope

from infra.keys import Keys, digest
from infra.repeating import Repeating
from infra.sessions import PREFIX as SESSION
from infra.sessions import Session, Sessions, csrf_token
from services.api.problems import Problem
from services.api.visitors import SAFE, Headers, Visitors, cookies
from services.bootstrap import Platform
from services.signing_in import may_sign_in

REMEMBERED = 5.0
"""Seconds for which an answer is believed: so long a revoked key may go on."""
MOST_REMEMBERED = 10_000
KEPT_EVERY = 60.0
"""Seconds between two writes of what was used."""
COOKIE, SECURE_COOKIE = "distributary", "__Host-distributary"
OPEN_UNTIL_CHANGED = frozenset({"/sessions/current", "/password"})
"""What may be asked under a one-time password."""
NEVER = None, 0.0


class SignedIn(NamedTuple):
    """`narrowed_to` are the grants of a key that may do less than its account."""

    actor: str
    by: str
    narrowed_to: tuple[str, ...] | None = None
    key: str | None = None
    session: Session | None = None


class Credentials:
    """Of one process."""

    def __init__(self, platform: Platform) -> None:
        settings = platform.settings
        self.platform = platform
        self.visitors = Visitors(settings)
        self.keys = Keys(platform.database)
        self.sessions = Sessions(platform.database, settings.session_idle, settings.session_life)
        self.keeper = Repeating("sign-ins", KEPT_EVERY, self.keep)
        self._known: dict[bytes, tuple[SignedIn | None, float]] = {}
        self._using = threading.Lock()
        self._used: set[str] = set()
        self._seen: set[str] = set()

    async def of(self, scope: Scope, headers: Headers) -> SignedIn | None:
        """Who sent the request; None where nobody is proved."""
        sent = headers.get(b"authorization")
        secret = self.cookie(scope, headers) if sent is None else _bearer(sent)
        if secret is None:
            return None
        wanted = digest(secret)
        found, until = self._known.get(wanted, NEVER)
        if time.monotonic() < until:
            return found
        return await run_in_threadpool(self._look, secret, wanted)

    def cookie(self, scope: Scope, headers: Headers) -> str | None:
        """The session's token, as the browser sent it."""
        if b"cookie" not in headers:
            return None
        name = self.cookie_name(scope, headers)
        tokens = (value for each, value in cookies(headers) if each == name)
        return next((token for token in tokens if token.startswith(SESSION)), None)

    def cookie_name(self, scope: Scope, headers: Headers) -> str:
        """Browsers let nobody but the site itself, over https, set one that is called so."""
        return SECURE_COOKIE if self.visitors.is_secure(scope, headers) else COOKIE

    def refusal(self, scope: Scope, headers: Headers, session: Session) -> Problem | None:
        """Why a request under a session is not let in."""
        if scope["method"] not in SAFE:
            if foreign := self.visitors.foreign(scope, headers):
                return foreign
            sent = headers.get(b"x-csrf-token", b"").decode("latin-1")
            token = self.cookie(scope, headers) or ""
            if not _same(sent, csrf_token(token)):
                return Problem("csrf-token-needed")
        if session.must_change and scope["path"] not in OPEN_UNTIL_CHANGED:
            return Problem("password-change-needed")
        return None

    def forget(self) -> None:
        """Look everybody up anew: a key or a session has ended."""
        self._known.clear()

    def _look(self, secret: str, wanted: bytes) -> SignedIn | None:
        found, lasts = self._found(secret)
        if found is not None and not may_sign_in(self.platform, found.actor):
            found = None
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[wanted] = found, time.monotonic() + lasts
        return found

    def _found(self, secret: str) -> tuple[SignedIn | None, float]:
        """Whom a secret proves, and for how long that is believed."""
        if secret.startswith(SESSION):
            session = self.sessions.find(secret)
            if session is None:
                return None, REMEMBERED
            with self._using:
                self._seen.add(session.id)
            by = SignedIn(session.account, "session", session=session)
            return by, self._until(session.ends_at)
        key = self.keys.find(secret)
        if key is None:
            return None, REMEMBERED
        with self._using:
            self._used.add(key.id)
        return SignedIn(key.name, "key", key.scopes, key.id), self._until(key.ends_at)

    def _until(self, ends_at: int | None) -> float:
        if ends_at is None:
            return REMEMBERED
        left = (ends_at - self.platform.database.clock.now()) / 1_000_000
        return min(REMEMBERED, left)

    def keep(self) -> None:
        """Write which keys and sessions were used, behind everybody's back."""
        with self._using:
            used, self._used = self._used, set()
            seen, self._seen = self._seen, set()
        self.keys.used(used)
        self.sessions.seen(seen)


def _bearer(sent: bytes) -> str | None:
    """A session's token is none: it would pass without what a cookie needs besides."""
    scheme, _, told = sent.decode("latin-1").partition(" ")
    secret = told.strip()
    return None if scheme.lower() != "bearer" or secret.startswith(SESSION) else secret


def _same(sent: str, wanted: str) -> bool:
    return hmac.compare_digest(sent.encode(), wanted.encode())
