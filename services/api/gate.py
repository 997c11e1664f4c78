"""Nobody passes who is not known, nothing runs for ever, and every answer is armoured."""

import asyncio
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars

from infra.keys import CALENDAR
from services.api import pages, problems, secret_paths
from services.api.accepts import Offers
from services.api.credentials import Credentials, SignedIn
from services.api.problems import Problem
from services.api.refusal_notes import RefusalNotes
from services.api.time_limit import TimeLimit

OPEN = frozenset({"/", "/livez", "/readyz", "/docs", "/console"})
CONSOLE = "/console/"
OPEN_BELOW = ("/problems/", "/docs/static/", CONSOLE)
TO_SIGN_IN = frozenset(
    {
        ("POST", "/sessions"),
        ("GET", "/sessions/oidc"),
        ("GET", "/sessions/oidc/callback"),
        ("GET", "/sessions/demo"),
        ("POST", "/sessions/demo"),
    }
)
"""Open as well: who asks them is about to prove who he is."""
OPEN_IN_PART = "/openapi.json"
"""Answered to anybody, with what he may know."""
ENDLESS = "/events/stream"
IMPORTS, UPLOADS = "/imports", "/files"
"""Where whole files are sent to."""
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="distributary"'}
NO_CALENDAR = (
    "This is the address of no calendar, or it has ended: POST /calendar-address makes another.",
    "该地址不是日历地址，或已失效：请用 POST /calendar-address 重新生成。",
)
SECURITY = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
PRIVATE = (b"cache-control", b"no-store")
POLICY = b"content-security-policy"
STRICT = (
    POLICY,
    b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
)
DOCS = (POLICY, pages.policy())
OWN = (
    POLICY,
    b"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
    b" img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none';"
    b" form-action 'none'; frame-ancestors 'none'",
)
"""Of the console: its components write their styles while it runs, and no script does."""
HTTPS_ALONE = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")
"""Two years; sent where the public address is one of https."""


class AuthMiddleware:
    """A plain ASGI layer: each of the framework's own costs a command a tenth of its time."""

    def __init__(
        self,
        app: ASGIApp,
        credentials: Credentials,
        body_limit: int,
        offers: Offers,
        file_limits: Mapping[str, int],
        refusals: RefusalNotes,
        limit: float,
    ) -> None:
        self.app = app
        self.limit = limit
        self.offers = offers
        self.credentials = credentials
        self.body_limit = body_limit
        self.file_limits = file_limits
        self.refusals = refusals
        public = credentials.addresses.public or ""
        self.more = [HTTPS_ALONE] if public.startswith("https:") else []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        secret = secret_paths.taken_out(scope)
        path: str = scope["path"]
        armour = SecurityHeaders(send, path, self.more)
        headers = dict(scope["headers"])
        limit = None if path == ENDLESS else self.limit
        try:
            with TimeLimit(limit) as scope["limit"]:
                problem = await self._refusal(scope, path, headers, secret)
                if problem is None:
                    if b"content-length" not in headers:
                        receive = _counted(receive, self._limit(path), _too_large(path))
                    await self._let_in(scope, receive, armour)
                    return
        except TimeoutError:
            if armour.started:
                raise
            problem = Problem("timed-out", headers=problems.RETRY, seconds=int(self.limit))
        except asyncio.CancelledError:  # by the server, which ends and waits no longer
            if armour.started:
                raise
            problem = Problem("ending", headers=problems.RETRY)
        except Exception as error:
            _say_of_whom(headers, path)
            if not armour.started:
                await _answer(problems.of(error), scope, receive, armour)
            raise
        self.refusals.note(scope, problem)
        await _answer(problem, scope, receive, armour)

    async def _let_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
        finally:
            if (notes := scope.get("notes")) is not None:
                notes.close()

    async def _refusal(
        self, scope: Scope, path: str, headers: Mapping[bytes, bytes], secret: str | None
    ) -> Problem | None:
        """Why a request is not let in; else it has its actor in the scope, where it needs one.

        The `secret` is one that stood in its address.
        """
        asked = scope["method"], path
        if path not in OPEN and not path.startswith(OPEN_BELOW) and asked not in TO_SIGN_IN:
            try:
                by = await self._known(scope, headers, secret)
            except (DBAPIError, PoolTimeout, Problem) as error:
                return problems.of(error)
            if by is None and secret is not None:  # no challenge: a calendar has no password
                return Problem("not-found", NO_CALENDAR)
            if by is None and (path != OPEN_IN_PART or headers.get(b"authorization")):
                return Problem("unauthorised", headers=CHALLENGE)
            if by is not None:
                scope["actor"], scope["signed_in_by"], scope["signed_in"] = by.actor, by.by, by
                if by.is_limited and (problem := self.credentials.refusal(scope, headers, by)):
                    return problem
        if _length(headers) > self._limit(path):
            return Problem(_too_large(path), limit=self._limit(path))
        accept = headers.get(b"accept")
        if accept is not None and b"*/*" not in accept:  # nearly all accept anything
            return self.offers.fits(path, accept.decode("latin-1"))
        return None

    async def _known(
        self, scope: Scope, headers: Mapping[bytes, bytes], secret: str | None
    ) -> SignedIn | None:
        if secret is None:
            return await self.credentials.of(scope, headers)
        return await self.credentials.by_secret(secret) if secret.startswith(CALENDAR) else None

    def _limit(self, path: str) -> int:
        return self.file_limits.get(path, self.body_limit)


class SecurityHeaders:
    """Sends an answer's start with the headers that protect who reads it."""

    def __init__(self, send: Send, path: str, more: Sequence[tuple[bytes, bytes]]) -> None:
        self.send = send
        self.path = path
        self.more = more
        self.started = False

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        if not self.started:
            self.started = True
            headers = message["headers"]
            if all(name != b"cache-control" for name, _ in headers):
                headers.append(PRIVATE)
            headers += SECURITY
            headers += self.more
            headers.append(_policy(self.path))
        await self.send(message)


def _policy(path: str) -> tuple[bytes, bytes]:
    if path == "/docs":
        return DOCS
    return OWN if path.startswith(CONSOLE) else STRICT


def _say_of_whom(headers: dict[bytes, bytes], path: str) -> None:
    """What the server will write of this request says what it belongs to."""
    named = headers.get(b"correlation-id") or headers.get(b"idempotency-key") or b""
    bind_contextvars(correlation_id=named.decode("latin-1"), path=path)


def _length(headers: Mapping[bytes, bytes]) -> int:
    """As declared; what comes in pieces is `_counted`."""
    declared = headers.get(b"content-length", b"0")
    return int(declared) if declared.isdigit() else 0


def _too_large(path: str) -> str:
    """The problem of a body that is."""
    return "file-too-large" if path == UPLOADS else "body-too-large"


def _counted(receive: Receive, limit: int, problem: str) -> Receive:
    """A body that comes in pieces, and no more of it than may come."""
    got = 0

    async def counted() -> Message:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        if got > limit:
            raise Problem(problem, limit=limit)
        return message

    return counted


async def _answer(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    headers = dict(scope["headers"])
    accepted = headers.get(b"accept-language", b"").decode("latin-1")
    await problem.response(accepted)(scope, receive, send)
