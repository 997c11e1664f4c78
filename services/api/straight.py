"""A command that is well-formed goes straight to the queue, at a fraction of a route's cost.

Whatever is not well-formed goes the framework's way, which explains what is wrong with it.
"""

from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from commands import Command
from infra.group import GroupCommit, Overloaded
from infra.requests import KeyReused, Unavailable
from services.api import problems
from services.api.commands import answer, asked, submit
from services.api.problems import Problem

EXPECTED = (Problem, KeyReused, Overloaded, Unavailable, DBAPIError, PoolTimeout)


class Straight:
    """Stands behind the gate, which has found out who asks."""

    def __init__(self, app: ASGIApp, group: GroupCommit) -> None:
        self.app = app
        self.group = group
        self.models = {f"/commands/{slug}": model for slug, model in Command.known.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        posted = scope["type"] == "http" and scope["method"] == "POST"
        model = self.models.get(scope["path"]) if posted else None
        if model is None:  # the lifespan, too: it has no headers
            return await self.app(scope, receive, send)
        headers = Headers(scope=scope)
        if not headers.get("content-type", "").startswith("application/json"):
            return await self.app(scope, receive, send)
        body = b""
        try:
            body = await _body(receive)
            command = model.__pydantic_validator__.validate_json(body)
            response = answer(await submit(self.group, command, asked(scope["actor"], headers)))
        except ValidationError:
            return await self.app(scope, _again(body, receive), send)
        except EXPECTED as error:
            response = problems.of(error).response(headers.get("accept-language"))
        return await response(scope, receive, send)


async def _body(receive: Receive) -> bytes:
    """All of it; of one that broke off, what came, which is then no JSON."""
    pieces = []
    while True:
        message = await receive()
        pieces.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(pieces)


def _again(body: bytes, receive: Receive) -> Receive:
    read = False

    async def again() -> Message:
        nonlocal read
        if read:
            return await receive()
        read = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
