"""A file of rows is checked whole, then asked row by row; what is refused comes back as a file.

The same rows under the same name of a file are the same requests: a file sent again changes
nothing, one that was cut short goes on, and of a corrected one the corrected rows are new.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from commands import Command
from commands.operations.exclusion import SkipParked
from infra.requests import KeyReused, Outcome, Request, VersionMismatch
from services import refusals
from services.bootstrap import Platform, request
from services.dependent_rows import commit_rows
from services.faults import Words
from services.filter_values import nearest
from services.imports import sheets
from services.imports.checking import Good, Poor, check
from services.imports.columns import Plan
from services.imports.matching import named, plan
from services.imports.rows import BATCH, keyed, sound, told_apart
from services.imports.sheets import Sheet
from services.imports.sources import CellFault, Faulty, Row, Source, Spec, whole_file
from services.waiting_outcomes import is_waiting

INVALID = "Invalid"
"""What a row is refused by that no command could be made of."""
MOST_FAULTS = 10_000
"""Faults that are kept to be shown; of more, only the number is told."""


class Watch(Protocol):
    """Is told how far an import is, and of each row that was refused."""

    def progress(self, done: int, total: int) -> None: ...

    def refused(self, header: Row, rows: list[Row], rule: str, words: Words) -> None: ...


class Silent:
    """Watches nothing."""

    def progress(self, done: int, total: int) -> None: ...

    def refused(self, header: Row, rows: list[Row], rule: str, words: Words) -> None: ...


@dataclass
class ImportResult:
    """What became of the rows: `rows` asked for something that could be understood."""

    id: str
    rows: int = 0
    accepted: int = 0
    repeated: int = 0
    waiting: int = 0
    """Rows whose commands wait for a second person."""
    refused: int = 0
    invalid: int = 0
    events: int = 0
    broken: bool = False
    """Whether the file cannot be read to its end."""
    faults: list[CellFault] = field(default_factory=list)
    notes: list[Words] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return not self.invalid and not self.refused

    def told(self, faults: list[CellFault]) -> None:
        self.faults += faults[: MOST_FAULTS - len(self.faults)]


@dataclass(frozen=True)
class Import:
    """A file that can be read as one command per row, or per group of rows."""

    source: Source
    spec: Spec
    model: type[Command]
    sheet: Sheet
    header: Row
    plan: Plan
    id: str

    def checked(self) -> Iterator[Good | Poor]:
        rows = self.sheet.rows()
        next(rows)  # the header
        yield from check(self.model, self.plan, rows)


def opened(source: Source, spec: Spec, id: str | None = None) -> Import:
    """Read the header and match it; raises `Faulty` where the file cannot be read as asked.

    Unless it has an id, its content and what was said about it make one.
    """
    model = command_of(spec.command)
    sheet = sheets.open_sheet(source, spec)
    rows = sheet.rows()
    header = next(rows, None)
    if header is None:
        raise whole_file(
            "The file is empty. Its first row must name the columns.",
            "文件为空。第一行必须是列名。",
        )
    try:
        matched = plan(model, header, spec)
    except Faulty as error:
        below = next(rows, None)
        if below is not None and named(model, below) > max(1, named(model, header)):
            raise _title(below[0]) from error
        raise
    return Import(source, spec, model, sheet, header, matched, id or source.id(spec))


def _title(row: int) -> Faulty:
    return whole_file(
        f"The names of the columns are in row {row}, below a title. Remove the rows above them.",
        f"列名在第 {row} 行，上方是标题。请删除列名以上的行。",
        row,
    )


def command_of(slug: str) -> type[Command]:
    model = Command.known.get(slug)
    if model is None or model is SkipParked:
        near = nearest(slug, [one for one in Command.known if one != SkipParked.slug()])
        raise whole_file(
            f"There is no command {slug} to import. Did you mean {near}?",
            f"没有可导入的命令 {slug}。您是否要找 {near}？",
        )
    return model


def check_all(one: Import, watch: Watch) -> ImportResult:
    """Every row without the log; each that is not good is told to whoever watches."""
    result = ImportResult(one.id, notes=[*one.sheet.notes, *_passed_over(one.plan)])
    try:
        for found in one.checked():
            if isinstance(found, Good):
                result.rows += 1
            else:
                result.invalid += 1
                result.told(found.faults)
                watch.refused(one.header, found.rows, INVALID, _joined(found.faults))
    except Faulty as error:  # it cannot be read any further
        result.invalid += 1
        result.broken = True
        result.told(error.faults)
    return result


def run(
    platform: Platform,
    one: Import,
    actor: str,
    watch: Watch,
    *,
    checked: bool = False,
) -> ImportResult:
    """Check all rows and ask for what they want; nothing, where one is bad and all are wanted.

    `checked`, each row needs the actor's right to its command.
    """
    result = check_all(one, watch)
    if result.invalid and (not one.spec.partial or result.broken):
        return result
    done = 0
    asked = _requests(one, actor, checked)
    for few in commit_rows(platform.executor, asked, BATCH):
        for good, answer in few:
            outcome = outcome_of(answer)
            _enter(result, outcome)
            if outcome.refusal:
                words = refusals.words(platform.log, outcome)
                result.refused += 1
                result.told([CellFault(good.rows[0][0], None, None, words, outcome.refusal)])
                watch.refused(one.header, good.rows, outcome.refusal, words)
        done += len(few)
        watch.progress(done, result.rows)
    return result


def _requests(one: Import, actor: str, checked: bool) -> Iterator[tuple[Good, Request]]:
    seen: Counter[str] = Counter()
    name = f"{one.source.name}:{one.spec.command}"
    correlation = f"import:{one.id}"
    expected = 0 if one.spec.expected == "new" else None
    for good in one.checked():
        if isinstance(good, Good):
            asked = request(
                good.command,
                actor,
                name,
                correlation=correlation,
                expected=expected,
                checked=checked,
                reason=one.spec.reason,
            )
            yield good, told_apart(keyed(asked), seen)


def outcome_of(answer: Outcome | Exception) -> Outcome:
    """A row that cannot be is refused like one that must not be."""
    if isinstance(answer, KeyReused | VersionMismatch):
        return Outcome(0, "", 0, (), type(answer).__name__, str(answer))
    return sound(answer)


def _enter(result: ImportResult, outcome: Outcome) -> None:
    if is_waiting(outcome):
        result.waiting += 1
    elif outcome.repeated and not outcome.refusal:
        result.repeated += 1
    elif not outcome.refusal:
        result.accepted += 1
    if not outcome.repeated and outcome.events:
        result.events += len(outcome.events)


def _joined(faults: list[CellFault]) -> Words:
    """All faults of one row in a sentence each."""
    first, second = (
        "; ".join(f"{f.column}: {f.words[n]}" if f.column else f.words[n] for f in faults)
        for n in (0, 1)
    )
    return first, second


def _passed_over(found: Plan) -> Iterator[Words]:
    if found.passed_over:
        yield (
            f"columns passed over: {', '.join(found.passed_over)}",
            f"未使用的列：{'、'.join(found.passed_over)}",
        )
