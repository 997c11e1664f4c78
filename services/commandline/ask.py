"""Commands from the command line: one, or a file of them."""

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from pydantic import ValidationError

from commands import Command
from infra.requests import Answer, KeyReused, Outcome, Request, VersionMismatch, batches
from infra.requests import Unavailable as Away
from services import bootstrap
from services.commandline import Code, Failure, output
from services.commandline.opening import opened

ACTOR = "cli"
BATCH = 250


class Row(msgspec.Struct, forbid_unknown_fields=True):
    """A line of a batch: as a row of POST /commands."""

    command: str
    body: dict[str, Any]
    key: str | None = None
    expected: int | None = None


def commands(
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines.")] = False,
) -> None:
    """List what may be asked."""
    found = [
        {
            "command": slug,
            "kind": model.aggregate.kind,
            "fields": ", ".join(_fields(model)),
            "about": (model.__doc__ or "").strip().splitlines()[0],
        }
        for slug, model in sorted(Command.known.items())
    ]
    output.rows(found, "Commands", as_json=as_json)


def _fields(model: type[Command]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield name if field.is_required() else f"[{name}]"


def command(
    slug: Annotated[str, typer.Argument(help="Its name; `distributary commands` lists them.")],
    body: Annotated[str, typer.Option("--json", help="Its fields, as JSON; - reads stdin.")],
    key: Annotated[str | None, typer.Option(help="Takes effect once under it.")] = None,
    expected: Annotated[int | None, typer.Option(help="The stream's version seen.")] = None,
) -> None:
    """Ask for one thing."""
    asked = parsed(slug, sys.stdin.read() if body == "-" else body)
    with opened() as platform:
        request = bootstrap.request(asked, ACTOR, key, expected=expected)
        try:
            outcome = platform.executor.execute(request)
        except (KeyReused, VersionMismatch) as error:
            raise Failure(f"{error}.", Code.CONFLICT) from error
    output.line(_shown(request.key, outcome))
    if outcome.refusal is not None:
        raise Failure(_no(outcome), Code.REFUSED)


def parsed(slug: str, body: str | dict[str, Any]) -> Command:
    model = Command.known.get(slug)
    if model is None:
        raise Failure(f"There is no command {slug}: see `distributary commands`.", Code.USAGE)
    try:
        if isinstance(body, str):
            return model.model_validate_json(body)
        return model.model_validate(body)
    except ValidationError as error:
        faults = (f"{'.'.join(map(str, e['loc'])) or 'body'}: {e['msg']}" for e in error.errors())
        raise Failure(f"{slug}: {'; '.join(faults)}", Code.USAGE) from error


def _no(outcome: Outcome) -> str:
    recorded = f"the figures are in the event at position {outcome.position}"
    return f"{outcome.refusal}: {outcome.message or recorded}"


def _shown(key: str, outcome: Outcome) -> dict[str, Any]:
    return {"key": key, **msgspec.to_builtins(outcome), "repeated": outcome.repeated}


def batch(
    file: Annotated[str, typer.Argument(help="A file of JSON lines; - reads stdin.")],
) -> None:
    """Ask for many things: one JSON line each, {"command", "body", "key"?, "expected"?}.

    A line without a key gets one from its content, so that the same file twice does nothing new.
    """
    counts = {"done": 0, "repeated": 0, "refused": 0}
    requests = list(_requests(file))
    with opened() as platform, output.progress("batch") as told:
        for few in batches(requests, BATCH):
            answers = platform.executor.commit(few)
            for request, answer in zip(few, answers, strict=True):
                _count(counts, request, answer)
            told(sum(counts.values()), len(requests))
    summary = f"{counts['done']} done, {counts['repeated']} repeated, {counts['refused']} refused"
    output.say(summary)
    if counts["refused"]:
        raise Failure("Correct the refused lines and send the file again.", Code.REFUSED)


def _count(counts: dict[str, int], request: Request, answer: Answer) -> None:
    if isinstance(answer, KeyReused | VersionMismatch):
        answer = Outcome(0, request.command.stream, 0, (), type(answer).__name__, str(answer))
    if isinstance(answer, Away):
        raise Failure(str(answer), Code.UNAVAILABLE)
    if isinstance(answer, Exception):
        raise answer
    output.line(_shown(request.key, answer))
    outcome = "refused" if answer.refusal else "repeated" if answer.repeated else "done"
    counts[outcome] += 1


def _requests(file: str) -> Iterator[Request]:
    """Every line is read and checked before the first is asked."""
    for number, text in enumerate(_lines(file), 1):
        if not text.strip():
            continue
        try:
            row = msgspec.json.decode(text, type=Row)
            asked = parsed(row.command, row.body)
        except (msgspec.MsgspecError, Failure) as error:
            raise Failure(f"line {number}: {error}; nothing was asked.", Code.USAGE) from error
        key = row.key or f"batch:{hashlib.sha256(text.strip().encode()).hexdigest()}"
        yield bootstrap.request(asked, ACTOR, key, expected=row.expected)


def _lines(file: str) -> list[str]:
    if file == "-":
        return sys.stdin.read().splitlines()
    try:
        return Path(file).read_text("utf-8").splitlines()
    except OSError as error:
        raise Failure(f"{file} cannot be read: {error.strerror}.", Code.USAGE) from error
    except UnicodeDecodeError as error:
        raise Failure(f"{file} is not UTF-8: save it as UTF-8.", Code.USAGE) from error


def add(app: typer.Typer) -> None:
    for verb in (commands, command, batch):
        app.command()(verb)
