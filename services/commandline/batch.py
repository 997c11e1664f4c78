"""A file of commands: read whole and checked whole, then asked line by line."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
import typer

from commands import Command
from commands.operations.exclusion import SkipParked
from infra.log import Log
from infra.requests import Answer, KeyReused, Outcome, Request, VersionMismatch
from infra.requests import Unavailable as Away
from services import bootstrap
from services.commandline import Code, Failure, output
from services.commandline.ask import ACTOR, check_key, parsed, refuse_unsound, shown, text_of
from services.commandline.opening import opened
from services.dependent_rows import commit_rows

SIZE = 250
MOST = 50
"""Faults of a file that are told at once."""


class Row(msgspec.Struct, forbid_unknown_fields=True):
    """A line of a batch: as a row of POST /commands."""

    command: str
    body: dict[str, Any]
    key: str | None = None
    expected: Annotated[int, msgspec.Meta(ge=0)] | Literal["*"] | None = None


class BatchLine(NamedTuple):
    number: int
    key: str


def batch(
    file: Annotated[str, typer.Argument(help="A file of JSON lines; - reads stdin.")],
) -> None:
    """Ask for many things: one JSON line each, {"command", "body", "key"?, "expected"?}.

    A line without a key gets one from its content and from how many equal lines stand before it,
    so that the same file twice does nothing new. A line that names what a later line creates is
    asked again after that.
    """
    counts = {"done": 0, "repeated": 0, "refused": 0}
    asked = list(_requests(text_of(file)))
    with opened() as platform, output.progress("batch") as told:
        for few in commit_rows(platform.executor, asked, SIZE):
            for line, answer in few:
                _count(platform.log, counts, line, answer)
            told(sum(counts.values()), len(asked))
    summary = f"{counts['done']} done, {counts['repeated']} repeated, {counts['refused']} refused"
    output.say(summary)
    if counts["refused"]:
        raise Failure("Correct the refused lines and send the file again.", Code.REFUSED)


def _count(log: Log, counts: dict[str, int], line: BatchLine, answer: Answer) -> None:
    if isinstance(answer, KeyReused | VersionMismatch):
        answer = Outcome(0, "", 0, (), type(answer).__name__, str(answer))
    if isinstance(answer, Away):
        raise Failure(str(answer), Code.UNAVAILABLE)
    if isinstance(answer, Exception):
        raise answer
    output.line({"line": line.number, **shown(log, line.key, answer)})
    outcome = "refused" if answer.refusal else "repeated" if answer.repeated else "done"
    counts[outcome] += 1


def _requests(text: str) -> Iterator[tuple[BatchLine, Request]]:
    """Every line is read and checked before the first is asked; all faults are told at once."""
    faults: list[str] = []
    seen: Counter[str] = Counter()
    # By line feeds alone: a name may hold what else Unicode calls the end of a line.
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = msgspec.json.decode(line, type=Row)
            refuse_unsound(line)
            command = _checked(parsed(row.command, row.body))
            check_key(row.key)
        except (msgspec.MsgspecError, Failure) as error:
            faults.append(f"line {number}: {error}")
            continue
        key = row.key or _key(line, seen)
        expected = None if row.expected == "*" else row.expected
        yield BatchLine(number, key), bootstrap.request(command, ACTOR, key, expected=expected)
    if faults:
        more = [f"… and {len(faults) - MOST} more"] if len(faults) > MOST else []
        raise Failure("\n".join([*faults[:MOST], *more, "Nothing was asked."]), Code.USAGE)


def _checked(command: Command) -> Command:
    if isinstance(command, SkipParked):
        raise Failure("skip with `distributary parked skip`, which looks at what is parked")
    return command


def _key(line: str, seen: Counter[str]) -> str:
    """By content, and which of the lines of that content it is."""
    content = hashlib.sha256(line.strip().encode()).hexdigest()
    seen[content] += 1
    return f"batch:{content}" if seen[content] == 1 else f"batch:{content}:{seen[content]}"


def add(app: typer.Typer) -> None:
    app.command()(batch)
