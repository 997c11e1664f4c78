"""A command that is well-formed goes straight to the queue, at a fraction of a route's cost.

Whatever is not well-formed goes the framework's way, which explains what is wrong with it.
"""

from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from commands import Command
from infra.group import GroupCommit, Overloaded
from infra.requests import KeyReused, Unavailable
from infra.states import States
from services.api import problems
from services.api.commands import answer, asked, submit
from services.api.problems import Problem

EXPECTED = (Problem, KeyReused, Overloaded, Unavailable, DBAPIError, PoolTimeout)


BODIED = frozenset({"POST", "PUT", "PATCH"})


class CommandFastPath:
    """Stands behind the gate, which has found out who asks."""

    def __init__(self, app: ASGIApp, group: GroupCommit, states: States) -> None:
        self.app = app
        self.group = group
        self.states = states
        self.models = {f"/commands/{slug}": model for slug, model in Command.known.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in BODIED:  # a lifespan has no headers
            return await self.app(scope, receive, send)
        headers, body, response = _headers(scope), b"", None
        try:
            body = await _body(receive)
            command = self._command(scope, headers.get("content-type", ""), body)
            if command is not None:
                outcome = await submit(self.group, command, asked(scope["actor"], headers))
                response = await answer(self.states, outcome)
        except EXPECTED as error:
            response = problems.of(error).response(headers.get("accept-language"))
        if response is None:
            return await self.app(scope, _again(body, receive), send)
        return await response(scope, receive, send)

    def _command(self, scope: Scope, content_type: str, body: bytes) -> Command | None:
        """The command, where it is one and well-formed; a field that stands twice is refused, and
        a number that is none.
        """
        model = self.models.get(scope["path"]) if scope["method"] == "POST" else None
        command = None
        if model is not None and content_type.startswith("application/json"):
            try:
                command = model.__pydantic_validator__.validate_json(body)
            except ValidationError:
                command = None
        # After each name stands a colon: where there are no more of them, none stands twice, and
        # nothing stands deeper than fields that know what they take.
        if command is None or body.count(b":") != len(command.model_fields_set):
            problems.refuse_unsound(body, content_type)
        return command


def _headers(scope: Scope) -> dict[str, str]:
    """By their names; of one that is sent twice the first counts, as everywhere."""
    sent = reversed(scope["headers"])
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in sent}


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
