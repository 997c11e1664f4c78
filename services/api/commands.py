"""Every command has its address, takes effect once under its key, and answers with its position."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal, NamedTuple
from urllib.parse import unquote_to_bytes

import msgspec
from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool

from commands import Command
from commands.authorisation import Forbidden
from commands.fields import VISIBLE
from commands.notices.subscription import ChangeSubscription, Subscribe
from commands.operations.exclusion import SkipParked
from infra.group import GroupCommit
from infra.requests import Outcome, VersionMismatch
from infra.states import States
from services import bootstrap
from services.api import problems, schemas
from services.api.confirmations import WaitingShape, address, waiting
from services.api.problems import Problem
from services.dependent_rows import names_nothing
from services.notices import destinations
from services.refusals import RefusalWords, recorded
from services.waiting_outcomes import is_waiting
from services.workers import unpark

REASON_HEADER = "request-reason"
VERSION = re.compile(r'^(?:W/)?"?([0-9]{1,18})"?$')
CHARACTERS = "1 to 200 visible ASCII characters", "1 至 200 个可见 ASCII 字符"
REASON = re.compile(r"[^\x00-\x1f\x7f]{1,200}")
REASONS = (
    "1 to 200 characters on one line, in UTF-8; percent-encode those beyond ASCII",
    "1 至 200 个字符（单行，UTF-8）；非 ASCII 字符请用百分号编码",
)
MOVED_BY_MANY = frozenset({"attachments", "stock", "member"})
"""Kinds whose streams many move at once: nobody has to have seen their version."""
UNSEEN = 0
"""Who names no version has seen nothing: the stream must be new."""

encode = msgspec.json.encode
Expected = int | Literal["*"] | None


class CommandHeaders(NamedTuple):
    """What the headers say of a command."""

    actor: str
    key: str
    expected: Expected
    correlation: str | None
    causation: str | None
    reason: str | None = None


def asked(actor: str, headers: Mapping[str, str]) -> CommandHeaders:
    key = headers.get("idempotency-key")
    if key is None:
        raise Problem("missing-idempotency-key")
    if not VISIBLE.fullmatch(key):
        raise problems.header("Idempotency-Key", *CHARACTERS)
    seen = headers.get("if-match")
    correlation, causation = (_link(headers.get(n), n) for n in ("correlation-id", "causation-id"))
    reason = _reason(headers.get(REASON_HEADER))
    return CommandHeaders(actor, key, _version(seen), correlation, causation, reason)


def command_headers(request: Request) -> CommandHeaders:
    return asked(request.scope["actor"], request.headers)


def _version(seen: str | None) -> Expected:
    if seen is None or seen == "*":
        return None if seen is None else "*"
    if found := VERSION.fullmatch(seen):
        return int(found[1])
    raise problems.header("If-Match", 'a version such as "3", or *', '版本号（例如 "3"）或 *')


def _link(value: str | None, name: str) -> str | None:
    if value is not None and not VISIBLE.fullmatch(value):
        raise problems.header(name, *CHARACTERS)
    return value


def _reason(value: str | None) -> str | None:
    if value is None:
        return None
    try:
        told = unquote_to_bytes(value.encode("latin-1")).decode().strip()
    except UnicodeError:
        told = ""
    if not REASON.fullmatch(told):
        raise problems.header(REASON_HEADER, *REASONS)
    return told


async def submit(
    group: GroupCommit, command: Command, said: CommandHeaders, *, row: bool = False
) -> Outcome:
    """The outcome, once it is durable; a refusal is raised as its problem."""
    if isinstance(command, SkipParked):
        await _admit(group, command, said.key)
    if isinstance(command, Subscribe | ChangeSubscription) and command.destination is not None:
        await run_in_threadpool(_check_destination, group, command.destination, command.id)
    expected = said.expected
    free = expected == "*" or (expected is None and command.aggregate.kind in MOVED_BY_MANY)
    request = bootstrap.request(
        command,
        said.actor,
        said.key,
        correlation=said.correlation,
        causation=said.causation,
        expected=None if free else expected or UNSEEN,  # type: ignore[arg-type]
        checked=True,
        reason=said.reason,
    )
    try:
        outcome = await group.submit(request)
    except VersionMismatch as error:
        seen = expected if isinstance(expected, int) else None
        raise problems.mismatch(error, command.stream, seen, row=row) from error
    if outcome.refusal is not None:
        raise await _refused(group, outcome)
    return outcome


async def _admit(group: GroupCommit, command: SkipParked, key: str) -> None:
    try:
        await run_in_threadpool(unpark.admit, group.executor.log, command, key)
    except unpark.NotParked as error:
        raise Problem("not-parked", view=command.id, stream=command.parked) from error


def _check_destination(group: GroupCommit, id: str, account: str) -> None:
    """Refuse a destination that the account never had; it may have ended since."""
    with group.executor.log.recorder.database.read() as connection:
        if destinations.owners(connection, [id]).get(id) != account:
            en = f"The account {account} has no destination {id}: GET /destinations lists them."
            zh = f"账号 {account} 没有发送目标 {id}：GET /destinations 列出了发送目标。"
            raise problems.unfit("destination", en, zh)


async def _refused(group: GroupCommit, outcome: Outcome) -> Problem:
    """With the figures of its event, where it is one."""
    said = None
    if outcome.events:
        said = await run_in_threadpool(recorded, group.executor.log, outcome)
    return refusal(outcome, said)


def refusal(outcome: Outcome, said: RefusalWords | None = None) -> Problem:
    slug = "unknown" if names_nothing(outcome) else "refused"
    if outcome.refusal == Forbidden.__name__:
        forbidden = Problem("forbidden", _words(outcome))
        forbidden.is_noted = True  # by whoever hears of all commands
        return forbidden
    events = [event.position for event in outcome.events]
    figures: dict[str, Any] = {} if said is None else {"figures": said.figures}
    return Problem(
        slug,
        _words(outcome) if said is None else (said.en, said.zh),
        headers=_headers(outcome),
        refusal=outcome.refusal,
        stream=outcome.stream,
        version=outcome.version,
        position=events[-1] if events else outcome.position,
        **figures,
    )


def _words(outcome: Outcome) -> tuple[str, str] | None:
    """Refusals of older versions were in English alone."""
    if outcome.message is None:
        return None
    return outcome.message, outcome.zh or outcome.message


def _headers(outcome: Outcome) -> dict[str, str]:
    headers = {"ETag": f'"{outcome.version}"'}
    if outcome.repeated:
        headers["Idempotency-Replayed"] = "true"
    return headers


async def answer(states: States, outcome: Outcome) -> Response:
    """202 where it waits for a second person, 201 where the stream was born of it, or else 200."""
    headers, status = _headers(outcome), 200
    if is_waiting(outcome):
        headers["Location"] = address(outcome)
        told = await run_in_threadpool(waiting, states, outcome)
        return Response(encode({**content(outcome), **told}), 202, headers, "application/json")
    if created(outcome):
        headers["Location"], status = f"/streams/{outcome.stream}", 201
    return Response(encode(content(outcome)), status, headers, "application/json")


def created(outcome: Outcome) -> bool:
    return any(event.version == 1 and event.stream == outcome.stream for event in outcome.events)


def content(outcome: Outcome) -> dict[str, Any]:
    return {
        "position": outcome.position,
        "id": outcome.stream.partition("-")[2],
        "stream": outcome.stream,
        "version": outcome.version,
        "events": outcome.events,
        "repeated": outcome.repeated,
    }


def add(app: FastAPI, group: GroupCommit, states: States) -> None:
    """One address for each command."""
    for slug, model in sorted(Command.known.items()):
        model.model_config["defer_build"] = False  # an address asks for one that is ready
        model.model_rebuild()
        app.add_api_route(
            f"/commands/{slug}",
            _endpoint(model, group, states),
            methods=["POST"],
            tags=[model.aggregate.kind],
            summary=_summary(model),
            description=(model.__doc__ or "").strip(),
            operation_id=slug,
            response_model=schemas.OutcomeShape,
            responses={**CREATED, **schemas.problems(*GOES_WRONG)},
            openapi_extra={"parameters": PARAMETERS},
        )


def _endpoint(
    model: type[Command], group: GroupCommit, states: States
) -> Callable[[Request, Any], Awaitable[Response]]:
    async def run(request: Request, command: Any) -> Response:
        outcome = await submit(group, command, command_headers(request))
        return await answer(states, outcome)

    run.__annotations__["command"] = model
    return run


def _summary(model: type[Command]) -> str:
    return re.sub(r"\B(?=[A-Z])", " ", model.__name__).capitalize()


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
        " but for stock, members and the files of a thing.",
        required=False,
        example='"3"',
    ),
    _header("Correlation-Id", "What this belongs to.", required=False, example="call-7"),
    _header("Causation-Id", "What this was caused by.", required=False, example="mail-9"),
    _header(
        "Request-Reason",
        "Why it is asked, for whoever has to confirm it where it waits for a second person; text"
        " beyond ASCII is percent-encoded.",
        required=False,
        example="Unpaid since May",
    ),
]
OF_BATCH = [PARAMETERS[0], PARAMETERS[-1]]
GOES_WRONG = (400, 401, 404, 409, 412, 413, 415, 422, 428, 503)
CREATED: dict[int | str, dict[str, Any]] = {
    201: {"model": schemas.OutcomeShape, "description": "The stream was born of it."},
    202: {
        "model": WaitingShape,
        "description": "It waits for a second person: nothing has happened but that.",
    },
}
