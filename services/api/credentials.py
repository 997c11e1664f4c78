"""Who asks: found by an API key or by a session, and believed for a few seconds."""

import hmac
import threading
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.types import Scope

from infra.issuer import BadToken, Client, Issuer, IssuerDown
from infra.keys import CALENDAR, NAME, Keys, digest
from infra.repeating import Repeating
from infra.sessions import PREFIX as SESSION
from infra.sessions import Session, Sessions, csrf_token
from infra.settings import Settings
from services.access.actions import reading
from services.access.narrowing import allows, commanded
from services.api.client_address import SAFE, ClientAddresses, Headers, cookies
from services.api.problems import RETRY, Problem
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
    """`narrowed_to` are the grants of a key that may do less than its account.

    What `is_limited` is looked at once more with each request.
    """

    actor: str
    by: str
    narrowed_to: tuple[str, ...] | None = None
    key: str | None = None
    session: Session | None = None
    is_limited: bool = False


class Credentials:
    """Of one process."""

    def __init__(self, platform: Platform) -> None:
        settings = platform.settings
        self.platform = platform
        self.addresses = ClientAddresses(settings)
        self.keys = Keys(platform.database)
        self.sessions = Sessions(platform.database, settings.session_idle, settings.session_life)
        self.issuer = _issuer(settings)
        self.claim = settings.oidc_claim
        self.keeper = Repeating("sign-ins", KEPT_EVERY, self.keep)
        self._known: dict[bytes, tuple[SignedIn | None, float]] = {}
        self._using = threading.Lock()
        self._used: set[str] = set()
        self._seen: set[str] = set()

    async def of(self, scope: Scope, headers: Headers) -> SignedIn | None:
        """Who sent the request; None where nobody is proved."""
        sent = headers.get(b"authorization")
        secret = self.cookie(scope, headers) if sent is None else _bearer(sent)
        return None if secret is None else await self.by_secret(secret)

    async def by_secret(self, secret: str) -> SignedIn | None:
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
        return SECURE_COOKIE if self.addresses.is_secure(scope, headers) else COOKIE

    def refusal(self, scope: Scope, headers: Headers, by: SignedIn) -> Problem | None:
        """Why a request under a session, or with a key that may do little, is not let in."""
        method, path = scope["method"], scope["path"]
        action = commanded(method, path)
        if action is not None and not allows(by.narrowed_to, action):
            return Problem("beyond-the-key", action=action)
        if by.session is None:
            return None
        if method not in SAFE and (problem := self._from_elsewhere(scope, headers)):
            return problem
        if by.session.must_change and path not in OPEN_UNTIL_CHANGED:
            return Problem("password-change-needed")
        return None

    def _from_elsewhere(self, scope: Scope, headers: Headers) -> Problem | None:
        if foreign := self.addresses.foreign(scope, headers):
            return foreign
        sent = headers.get(b"x-csrf-token", b"").decode("latin-1")
        token = self.cookie(scope, headers) or ""
        return None if _same(sent, csrf_token(token)) else Problem("csrf-token-needed")

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
            by = SignedIn(session.account, "session", session=session, is_limited=True)
            return by, self._until(session.ends_at)
        if self.issuer is not None and secret.count(".") == 2:
            return self._by_token(self.issuer, secret)
        key = self.keys.find(secret)
        if key is None:
            return None, REMEMBERED
        with self._using:
            self._used.add(key.id)
        if secret.startswith(CALENDAR):
            agenda = (reading("agenda"),)
            by = SignedIn(key.name, "calendar", agenda, key.id, is_limited=True)
            return by, self._until(key.ends_at)
        limited = key.scopes is not None
        by = SignedIn(key.name, "key", key.scopes, key.id, is_limited=limited)
        return by, self._until(key.ends_at)

    def _by_token(self, issuer: Issuer, token: str) -> tuple[SignedIn | None, float]:
        try:
            claims = issuer.bearer(token)
        except BadToken:
            return None, REMEMBERED
        except IssuerDown as error:
            raise Problem("issuer-down", headers=RETRY, reason=str(error)) from error
        account = self.account(claims)
        by = None if account is None else SignedIn(account, "oidc")
        return by, self._until(int(claims["exp"]) * 1_000_000)

    def account(self, claims: Mapping[str, Any]) -> str | None:
        """The account that an issuer's token names."""
        named = claims.get(self.claim)
        return named if isinstance(named, str) and NAME.fullmatch(named) else None

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


def _issuer(settings: Settings) -> Issuer | None:
    if settings.oidc_issuer is None:
        return None
    secret = settings.oidc_client_secret
    told = None if secret is None else secret.get_secret_value()
    client = Client(
        settings.oidc_issuer, settings.oidc_client_id or "", told, settings.oidc_audience
    )
    return Issuer(client)


def _bearer(sent: bytes) -> str | None:
    """A session's token is none: it would pass without what a cookie needs besides. Nor is what
    stands in an address, which is good for that alone.
    """
    scheme, _, told = sent.decode("latin-1").partition(" ")
    secret = told.strip()
    return None if scheme.lower() != "bearer" or secret.startswith((SESSION, CALENDAR)) else secret


def _same(sent: str, wanted: str) -> bool:
    return hmac.compare_digest(sent.encode(), wanted.encode())
