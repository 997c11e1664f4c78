"""Every command has its address, takes effect once under its key, and answers with its position."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from fastapi import FastAPI, Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from starlette.datastructures import Headers

from aggregates import Unknown
from commands import Command
from commands.fields import fault
from infra.group import GroupCommit
from infra.requests import Outcome, VersionMismatch
from services import bootstrap
from services.api import problems, schemas
from services.api.problems import Problem

MOST = 1_000
VISIBLE = re.compile(r"^[\x21-\x7e]{1,200}$")
VERSION = re.compile(r'^(?:W/)?"?([0-9]{1,18})"?$')
MOVED_BY_MANY = frozenset({"stock", "member"})
"""Kinds whose streams many move at once: nobody has to have seen their version."""
UNSEEN = 0
"""Who names no version has seen nothing: the stream must be new."""

encode = msgspec.json.encode
Expected = int | Literal["*"] | None


class Asked(NamedTuple):
    """What the headers say of a command."""

    actor: str
    key: str
    expected: Expected
    correlation: str | None
    causation: str | None


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


Rows = Annotated[list[Row], Field(min_length=1, max_length=MOST)]


def asked(actor: str, headers: Headers) -> Asked:
    key = headers.get("idempotency-key")
    if key is None:
        raise Problem("missing-idempotency-key")
    if not VISIBLE.fullmatch(key):
        raise Problem(
            "invalid-header", header="Idempotency-Key", wanted="1 to 200 visible ASCII characters"
        )
    seen = headers.get("if-match")
    links = (_link(headers.get(name), name) for name in ("correlation-id", "causation-id"))
    return Asked(actor, key, _version(seen), *links)


def _said(request: Request) -> Asked:
    return asked(request.scope["actor"], request.headers)


def _version(seen: str | None) -> Expected:
    if seen is None or seen == "*":
        return None if seen is None else "*"
    if found := VERSION.fullmatch(seen):
        return int(found[1])
    raise Problem("invalid-header", header="If-Match", wanted='a version such as "3", or *')


def _link(value: str | None, name: str) -> str | None:
    if value is not None and not VISIBLE.fullmatch(value):
        raise Problem("invalid-header", header=name, wanted="1 to 200 visible ASCII characters")
    return value


async def submit(group: GroupCommit, command: Command, said: Asked) -> Outcome:
    """The outcome, once it is durable."""
    expected = said.expected
    free = expected == "*" or (expected is None and command.aggregate.kind in MOVED_BY_MANY)
    request = bootstrap.request(
        command,
        said.actor,
        said.key,
        correlation=said.correlation,
        causation=said.causation,
        expected=None if free else expected or UNSEEN,  # type: ignore[arg-type]
    )
    try:
        return await group.submit(request)
    except VersionMismatch as error:
        seen = expected if isinstance(expected, int) else None
        raise problems.mismatch(error, command.stream, seen) from error


def refusal(outcome: Outcome) -> Problem:
    slug = "unknown" if outcome.refusal == Unknown.__name__ else "refused"
    events = [event.position for event in outcome.events]
    return Problem(
        slug,
        _said_no(outcome),
        headers=_headers(outcome),
        refusal=outcome.refusal,
        stream=outcome.stream,
        version=outcome.version,
        position=events[-1] if events else outcome.position,
    )


def _said_no(outcome: Outcome) -> tuple[str, str] | None:
    """Nothing where the no is an event; refusals of older versions were in English alone."""
    if outcome.message is None:
        return None
    return outcome.message, outcome.zh or outcome.message


def _headers(outcome: Outcome) -> dict[str, str]:
    headers = {"ETag": f'"{outcome.version}"'}
    if outcome.repeated:
        headers["Idempotency-Replayed"] = "true"
    return headers


def answer(outcome: Outcome) -> Response:
    """201 where the stream was born of it, 200 otherwise; a refusal raises its problem."""
    _accept(outcome)
    headers, status = _headers(outcome), 200
    if _created(outcome):
        headers["Location"], status = f"/streams/{outcome.stream}", 201
    return Response(encode(_content(outcome)), status, headers, "application/json")


def _accept(outcome: Outcome) -> None:
    if outcome.refusal is not None:
        raise refusal(outcome)


def _created(outcome: Outcome) -> bool:
    return any(event.version == 1 and event.stream == outcome.stream for event in outcome.events)


def _content(outcome: Outcome) -> dict[str, Any]:
    return {
        "position": outcome.position,
        "stream": outcome.stream,
        "version": outcome.version,
        "events": outcome.events,
        "repeated": outcome.repeated,
    }


def add(app: FastAPI, group: GroupCommit) -> None:
    """One address for each command, and one for many at once."""
    for slug, model in sorted(Command.known.items()):
        app.add_api_route(
            f"/commands/{slug}",
            _endpoint(model, group),
            methods=["POST"],
            tags=[model.aggregate.kind],
            summary=_summary(model),
            description=(model.__doc__ or "").strip(),
            operation_id=slug,
            response_model=schemas.OutcomeShape,
            responses={**CREATED, **schemas.problems(*GOES_WRONG)},
            openapi_extra={"parameters": PARAMETERS},
        )
    app.add_api_route(
        "/commands",
        _batch(group),
        methods=["POST"],
        tags=["batch"],
        summary="Many commands at once",
        operation_id="batch",
        response_model=schemas.BatchOutcome,
        responses=schemas.problems(400, 401, 413, 415, 422, 503),
        openapi_extra={"parameters": PARAMETERS[:1]},
    )


def _endpoint(
    model: type[Command], group: GroupCommit
) -> Callable[[Request, Any], Awaitable[Response]]:
    async def run(request: Request, command: Any) -> Response:
        return answer(await submit(group, command, _said(request)))

    run.__annotations__["command"] = model
    return run


def _summary(model: type[Command]) -> str:
    return re.sub(r"\B(?=[A-Z])", " ", model.__name__).capitalize()


def _batch(group: GroupCommit) -> Callable[[Request, Rows], Awaitable[Response]]:
    async def batch(request: Request, rows: Rows) -> Response:
        """Each row is its own transaction and has its own outcome; rows are decided in order.

        Send the whole batch again with the same Idempotency-Key after any doubt: what has taken
        effect is not done again.
        """
        said = _said(request)
        accepted = problems.accepted(request)
        keys = [row.key or f"{said.key}:{number}" for number, row in enumerate(rows)]
        waiting = [
            _row(group, row, said._replace(key=key, expected=row.expected), accepted)
            for row, key in zip(rows, keys, strict=True)
        ]
        outcomes = await asyncio.gather(*waiting)
        done = sum(outcome["status"] < 300 for outcome in outcomes)
        content = {"done": done, "failed": len(rows) - done, "outcomes": outcomes}
        return Response(encode(content), media_type="application/json")

    return batch


async def _row(group: GroupCommit, row: Row, said: Asked, accepted: str | None) -> dict[str, Any]:
    try:
        outcome = await submit(group, command_of(row.command, row.body), said)
        _accept(outcome)
    except Exception as error:  # noqa: BLE001 - each row answers for itself, whatever went wrong
        return {"key": said.key, **problems.of(error).content(accepted)}
    return {"key": said.key, "status": 201 if _created(outcome) else 200, **_content(outcome)}


def command_of(slug: str, body: dict[str, Any]) -> Command:
    """The command of that name; raises the problem that its body has."""
    model = Command.known.get(slug)
    if model is None:
        raise Problem("unknown-command", command=slug)
    try:
        return model.model_validate(body)
    except ValidationError as error:
        faults = [{**fault, "loc": ("body", "body", *fault["loc"])} for fault in error.errors()]
        raise problems.invalid(faults) from error


def _header(name: str, text: str, *, required: bool, example: str) -> dict[str, Any]:
    schema = {"type": "string", "maxLength": 200}
    about = {"name": name, "in": "header", "description": text}
    return {**about, "required": required, "schema": schema, "example": example}


PARAMETERS = [
    _header(
        "Idempotency-Key",
        "1 to 200 visible ASCII characters; the same key takes effect once, for ever.",
        required=True,
        example="0199-register-C-100",
    ),
    _header(
        "If-Match",
        "The version of the stream that you have seen, or `*`. Needed where the stream exists,"
        " but for stock and members.",
        required=False,
        example='"3"',
    ),
    _header("Correlation-Id", "What this belongs to.", required=False, example="call-7"),
    _header("Causation-Id", "What this was caused by.", required=False, example="mail-9"),
]
GOES_WRONG = (400, 401, 404, 409, 412, 413, 415, 422, 428, 503)
CREATED: dict[int | str, dict[str, Any]] = {
    201: {"model": schemas.OutcomeShape, "description": "The stream was born of it."}
}
