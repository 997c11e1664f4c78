"""One command from the command line, and what commands there are."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from pydantic import ValidationError

from commands import Command
from commands.fields import VISIBLE
from commands.operations.exclusion import SkipParked
from infra.log import Log
from infra.requests import KeyReused, Outcome, VersionMismatch
from services import bootstrap
from services.bootstrap import Platform
from services.commandline import Code, Failure, output
from services.commandline.numbers import whole
from services.commandline.opening import opened
from services.faults import words_of
from services.refusals import recorded
from services.strict_json import fault_in

ACTOR = "cli"


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
    expected: Annotated[int | None, whole("The stream's version seen.")] = None,
) -> None:
    """Ask for one thing."""
    asked = parsed(slug, text_of(body) if body == "-" else body)
    check_key(key)
    with opened() as platform:
        request = bootstrap.request(asked, ACTOR, key, expected=expected)
        _admit(platform, asked, request.key)
        try:
            outcome = platform.executor.execute(request)
        except (KeyReused, VersionMismatch) as error:
            raise Failure(f"{error}.", Code.CONFLICT) from error
        content = shown(platform.log, request.key, outcome)
    output.line(content)
    if outcome.refusal is not None:
        raise Failure(f"{outcome.refusal}: {content['message']}", Code.REFUSED)


def _admit(platform: Platform, asked: Command, key: str) -> None:
    if isinstance(asked, SkipParked):
        from services.workers import unpark  # here: no other command should wait for it

        try:
            unpark.admit(platform.log, asked, key)
        except unpark.NotParked as error:
            raise Failure(
                f"No such event of {asked.parked} is parked in {asked.id}: see"
                " `distributary parked list`."
            ) from error


def parsed(slug: str, body: str | dict[str, Any]) -> Command:
    model = Command.known.get(slug)
    if model is None:
        raise Failure(f"There is no command {slug}: see `distributary commands`.", Code.USAGE)
    try:
        if isinstance(body, str):
            refuse_unsound(body)
            return model.model_validate_json(body)
        return model.model_validate(body)
    except ValidationError as error:
        faults = (
            f"{'.'.join(map(str, e['loc'])) or 'body'}: {words_of(e)[0]}" for e in error.errors()
        )
        raise Failure(f"{slug}: {'; '.join(faults)}", Code.USAGE) from error


def refuse_unsound(text: str, *within: str) -> None:
    """Raise the failure of a JSON text in which a field stands twice, or a number is none."""
    if fault := fault_in(text):
        where = ".".join(map(str, (*within, *fault.path)))
        raise Failure(f"{where or 'body'}: {fault.en}.", Code.USAGE)


def check_key(key: str | None) -> None:
    """Raise the failure of a key that HTTP could not carry."""
    if key is not None and not VISIBLE.fullmatch(key):
        raise Failure(f"key {key!r}: write 1 to 200 visible ASCII characters.", Code.USAGE)


def shown(log: Log, key: str, outcome: Outcome) -> dict[str, Any]:
    """The outcome, with the sentence and the figures of a refusal that is an event."""
    content = {"key": key, **msgspec.to_builtins(outcome), "repeated": outcome.repeated}
    if outcome.refusal is not None and (said := recorded(log, outcome)):
        content |= {"message": said.en, "zh": said.zh, "figures": said.figures}
    return content


def text_of(file: str) -> str:
    """What a file or, for -, stdin holds: UTF-8, with or without the mark that Windows begins it
    with.
    """
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise Failure(f"{file} cannot be read: {error.strerror}.", Code.USAGE) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        what = "stdin" if file == "-" else file
        raise Failure(f"{what}, line {line}: not UTF-8: save it as UTF-8.", Code.USAGE) from error


def add(app: typer.Typer) -> None:
    for verb in (commands, command):
        app.command()(verb)
