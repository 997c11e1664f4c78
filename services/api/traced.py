"""Each request is a span, in its caller's trace if it names one, and whatever it asks for follows.

Stands before the gate only where traces are kept.
"""

import time
from collections.abc import MutableMapping
from typing import Any

from opentelemetry.trace import SpanContext, SpanKind
from starlette.types import ASGIApp, Receive, Scope, Send

from commands import Command
from infra.traces import parent_of
from infra.tracing import Spanned, Tracing, asking

COMMANDS = frozenset(f"/commands/{slug}" for slug in Command.known)
QUIET = frozenset({"/livez", "/readyz", "/metrics"})
"""Asked every few seconds by machines: nobody looks for their traces."""


class TracingMiddleware:
    def __init__(self, app: ASGIApp, tracing: Tracing) -> None:
        self.app = app
        self.tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in QUIET:
            return await self.app(scope, receive, send)
        parent = self._parent(scope)
        at = self.tracing.request(_wanted(scope), parent)
        answered = _Status(send)
        began, before = time.time_ns(), asking.set(at)
        try:
            return await self.app(scope, receive, answered)
        finally:
            asking.reset(before)
            self.tracing.keep(_span(scope, at, parent, began, answered.status))

    def _parent(self, scope: Scope) -> SpanContext | None:
        """What belongs to a caller's trace, and to nothing else by name, is correlated by it."""
        headers = dict(scope["headers"])
        parent = parent_of(headers.get(b"traceparent", b"").decode("latin-1"))
        if parent is not None and b"correlation-id" not in headers:
            correlation = b"correlation-id", b"%032x" % parent.trace_id
            scope["headers"] = [*scope["headers"], correlation]
        return parent


class _Status:
    def __init__(self, send: Send) -> None:
        self.send = send
        self.status = 500

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self.send(message)


def _wanted(scope: Scope) -> str | None:
    """What the request's events will be correlated by."""
    headers = dict(scope["headers"])
    found = headers.get(b"correlation-id") or headers.get(b"idempotency-key")
    return found.decode("latin-1") if found else None


def _span(
    scope: Scope, at: SpanContext, parent: SpanContext | None, began: int, status: int
) -> Spanned:
    route = _route(scope)
    attributes = {
        "http.request.method": scope["method"],
        "http.route": route,
        "http.response.status_code": status,
        "url.path": scope["path"],
    }
    error = f"answered {status}" if status >= 500 else None
    name, ended = f"{scope['method']} {route}".rstrip(), time.time_ns()
    return Spanned(name, at, parent, SpanKind.SERVER, began, ended, attributes, error=error)


def _route(scope: Scope) -> str:
    """The address as it is documented; none of what nobody knows, or names would never end."""
    if found := getattr(scope.get("route"), "path", None):
        return str(found)
    path: str = scope["path"]
    return path if path in COMMANDS else ""
