"""Rows become commands under keys of their content: the same row twice changes nothing."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID, uuid5

import msgspec

from commands import Command
from infra.log import Log
from infra.requests import Answer, Outcome, Request
from services import refusals
from services.bootstrap import Platform, request
from services.dependent_rows import commit_rows

Row = tuple[str, Command]
"""A key that is stable within its source, and what the row asks for."""
Progress = Callable[[int, int | None], None]
"""Told after each batch how many rows are done, and of how many where that is known."""
NAMESPACE = UUID("6f1c7f5e-2f57-4a3e-9a86-0c1de7a41d6b")
BATCH = 250


@dataclass(frozen=True)
class RefusedRow:
    """A row that a rule said no to: which rule, and what to do about it."""

    key: str
    rule: str
    message: str


@dataclass
class Report:
    """What became of every row: accepted now, accepted before, refused, or never asked for."""

    source: str
    accepted: int = 0
    repeated: int = 0
    events: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    position: int = 0

    @property
    def rows(self) -> int:
        return self.accepted + self.repeated + len(self.refused)

    def __str__(self) -> str:
        counts = f"{self.accepted} accepted, {self.repeated} known before"
        lines = [f"{self.source}: {counts}, {len(self.refused)} refused, {self.events} events"]
        lines += [f"  left out: {count} × {reason}" for reason, count in self.skipped.items()]
        lines += [f"  note: {note}" for note in self.notes]
        lines += [f"  refused: {row.key}: {row.rule}: {row.message}" for row in self.refused]
        return "\n".join(lines)


def silent(_: int, __: int | None) -> None:
    """Progress that nobody watches."""


def load(
    platform: Platform,
    source: str,
    rows: Iterable[Row],
    progress: Progress = silent,
    total: int | None = None,
) -> Report:
    """Commit all rows in order, in batches; after a kill, run it again."""
    report = Report(source)
    for few in commit_rows(platform.executor, _numbered(source, rows), BATCH):
        for name, answer in few:
            _enter(platform.log, report, name, sound(answer))
        progress(report.rows, total)
    report.position = _head(platform)
    return report


def stranger(platform: Platform, source: str, row: Row) -> bool:
    """Whether the row's stream has a history in which this row has no part."""
    asked = _asked(source, row)
    with platform.database.read() as connection:
        known = platform.store.outcomes(connection, [asked.key])
        return not known and bool(platform.store.history(connection, row[1].stream, limit=1))


def _asked(source: str, row: Row) -> Request:
    name = f"{source}:{row[0]}"
    return keyed(request(row[1], f"import:{source}", name, correlation=name))


def _numbered(source: str, rows: Iterable[Row]) -> Iterator[tuple[str, Request]]:
    seen: Counter[str] = Counter()
    for row in rows:
        yield row[0], told_apart(_asked(source, row), seen)


def keyed(asked: Request) -> Request:
    """Under a key that its own key and its content make."""
    return _under(asked, asked.content.hex())


def told_apart(asked: Request, seen: Counter[str]) -> Request:
    """Rows that say the same are told apart by which of them it is."""
    seen[asked.key] += 1
    again = seen[asked.key]
    return _under(asked, f"again {again}") if again > 1 else asked


def _under(asked: Request, salt: str) -> Request:
    return msgspec.structs.replace(asked, key=str(uuid5(NAMESPACE, f"{asked.key} {salt}")))


def sound(answer: Answer) -> Outcome:
    """A refusal is an outcome; anything else that fails is a fault, and ends the import."""
    if isinstance(answer, Exception):
        raise answer
    return answer


def _enter(log: Log, report: Report, key: str, outcome: Outcome) -> None:
    if outcome.refusal:
        message, _ = refusals.words(log, outcome)
        report.refused.append(RefusedRow(key, outcome.refusal, message))
    elif outcome.repeated:
        report.repeated += 1
    else:
        report.accepted += 1
    if not outcome.repeated:
        report.events += len(outcome.events)


def _head(platform: Platform) -> int:
    with platform.database.read() as connection:
        return platform.store.head(connection).position
