"""Many commands at once: each row is decided by itself, and has its own outcome."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from commands import Command
from commands.fields import VISIBLE, Text, fault
from infra.group import GroupCommit
from infra.requests import Outcome
from services.api import problems, schemas
from services.api.commands import (
    OF_BATCH,
    CommandHeaders,
    command_headers,
    content,
    created,
    encode,
    submit,
)
from services.api.confirmations import address
from services.api.guards import signed_in
from services.api.problems import Problem
from services.waiting_outcomes import is_waiting

MOST = 1_000
STANDINGS = "done", "waiting", "failed"


def _seen(value: Any) -> Any:
    if value == "*" or (type(value) is int and 0 <= value < 10**18):
        return value
    raise fault(
        "version",
        'Write the version that you have seen, such as 3, or "*" for any',
        '请填写您所见的版本，例如 3；或填写 "*" 表示任何版本',
    )


Seen = Annotated[Annotated[int, Field(ge=0)] | Literal["*"], BeforeValidator(_seen)]


class Row(BaseModel):
    """One command of a batch; its key follows from the batch's, unless it has its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    command: str = Field(max_length=100, examples=["register-customer"])
    body: dict[str, Any]
    key: str | None = Field(None, pattern=VISIBLE.pattern)
    expected: Seen | None = Field(None, description="As If-Match: the version seen, or `*`.")
    reason: Text | None = Field(
        None, description="As Request-Reason, where it is not that of the batch."
    )


Rows = Annotated[list[Row], Field(min_length=1, max_length=MOST)]


class CommandBatch:
    """The rows of one request, and what came of each so far."""

    def __init__(self, group: GroupCommit, rows: Sequence[Row], said: CommandHeaders) -> None:
        self.group = group
        self.rows = rows
        self.said = said
        self.keys = [row.key or f"{said.key}:{number}" for number, row in enumerate(rows)]
        self.found: dict[int, Outcome | Problem] = {}

    async def run(self) -> None:
        """Ask every row in order; what names nothing is asked again after the others.

        That goes on for as long as it leaves fewer of them.
        """
        waiting, before = list(range(len(self.rows))), len(self.rows) + 1
        while 0 < len(waiting) < before:
            before = len(waiting)
            answers = await asyncio.gather(*(self._ask(number) for number in waiting))
            self.found.update(zip(waiting, answers, strict=True))
            waiting = [number for number in waiting if _names_nothing(self.found[number])]

    async def _ask(self, number: int) -> Outcome | Problem:
        row = self.rows[number]
        reason = row.reason or self.said.reason
        said = self.said._replace(key=self.keys[number], expected=row.expected, reason=reason)
        try:
            return await submit(self.group, command_of(row.command, row.body), said, row=True)
        except Exception as error:  # noqa: BLE001 - each row answers for itself, whatever went wrong
            return problems.of(error)

    def shown(self, accepted: str | None) -> dict[str, Any]:
        outcomes = [self._row(number, accepted) for number in range(len(self.rows))]
        counted = Counter(_standing(outcome["status"]) for outcome in outcomes)
        return {name: counted[name] for name in STANDINGS} | {"outcomes": outcomes}

    def _row(self, number: int, accepted: str | None) -> dict[str, Any]:
        about, found = {"row": number, "key": self.keys[number]}, self.found[number]
        if isinstance(found, Problem):
            return {**about, **found.content(accepted)}
        if is_waiting(found):
            return {**about, "status": 202, **content(found), "request": address(found)}
        return {**about, "status": 201 if created(found) else 200, **content(found)}


def _standing(status: int) -> str:
    return "failed" if status >= 300 else "waiting" if status == 202 else "done"


def _names_nothing(found: Outcome | Problem) -> bool:
    return isinstance(found, Problem) and found.slug == "unknown"


def add(app: FastAPI, group: GroupCommit) -> None:
    async def batch(request: Request, rows: Rows) -> Response:
        """Each row is its own transaction and has its own outcome; rows are decided in order.

        A row that names what a later row creates is asked again after that. Send the whole batch
        again with the same Idempotency-Key after any doubt: what has taken effect is not done
        again.
        """
        asked = CommandBatch(group, rows, command_headers(request))
        await asked.run()
        found = asked.shown(problems.accepted(request))
        return Response(encode(found), media_type="application/json")

    app.add_api_route(
        "/commands",
        batch,
        methods=["POST"],
        tags=["batch"],
        dependencies=[signed_in()],
        summary="Many commands at once",
        operation_id="batch",
        response_model=schemas.BatchOutcome,
        responses=schemas.problems(400, 401, 413, 415, 422, 503),
        openapi_extra={"parameters": OF_BATCH},
    )


def command_of(slug: str, body: dict[str, Any]) -> Command:
    """The command of that name; raises the problem that its body has."""
    model = Command.known.get(slug)
    if model is None:
        raise Problem("unknown-command", command=slug)
    try:
        return model.model_validate(body)
    except ValidationError as error:
        faults = [{**fault, "loc": ("body", "body", *fault["loc"])} for fault in error.errors()]
        raise problems.invalid(faults, owner=slug) from error
