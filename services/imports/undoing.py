"""An import is taken back by counter-commands, where nothing was built on it; or it says what was.

Nothing is deleted: what happened stays in the log, and so does what took it back.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from infra.events import Recorded
from infra.requests import Request
from services import refusals
from services.bootstrap import Platform, request
from services.faults import Words
from services.imports import kept
from services.imports.counters import COUNTERS, Counter
from services.imports.files import outcome_of
from services.imports.rows import BATCH
from services.imports.sources import whole_file
from services.settling import settled

PAGE = 5_000
CHECKED_BY_AGGREGATE = frozenset({"stock", "member"})
"""Kinds whose things many move at once: their own rules say what can still be taken back."""


class Kept(NamedTuple):
    """What of an import stays, and why."""

    stream: str
    position: int
    words: Words


@dataclass
class Undone:
    """How many rows were taken back now or before, and what stays."""

    rows: int = 0
    undone: int = 0
    kept: list[Kept] = field(default_factory=list)

    def stays(self, event: Recorded, words: Words) -> None:
        self.kept.append(Kept(event.stream, event.position, words))


def undo(platform: Platform, id: str, actor: str, *, partial: bool = False) -> Undone:
    """Take back what an import did: all of it or nothing, or as much as can be."""
    job, counter = _job(platform, id)
    events = list(_events(platform, f"import:{id}", job["after"], job["until"], counter))
    found = Undone(len(events))
    asked = [_asked(platform, counter, event, id, actor) for event in reversed(events)]
    asked = [each for each in asked if not _built_on(platform, each[0], id, found)]
    asked = list(_possible(platform, asked, found))
    if found.kept and not partial:
        return found
    for few in settled(platform.executor, asked, BATCH):
        for event, answer in few:
            outcome = outcome_of(answer)
            if outcome.refusal is None:
                found.undone += 1
            else:
                found.stays(event, refusals.words(platform.log, outcome))
    if not found.kept:
        with platform.database.write() as connection:
            kept.undone(connection, id)
    return found


def _job(platform: Platform, id: str) -> tuple[dict[str, Any], Counter]:
    """The import and what takes a row of it back; raises `Faulty` where it cannot be undone."""
    with platform.database.read() as connection:
        job = kept.read(connection, id)
    if job is None:
        raise whole_file(
            f"There is no import {id}. Its id stands in what it told, and in GET /imports.",
            f"没有导入 {id}。编号见导入结果或 GET /imports。",
        )
    if job["ended_at"] is None:
        raise whole_file(
            f"The import {id} has not ended. Let it end first: run it again if it was cut off.",
            f"导入 {id} 尚未结束。请等待其结束；若中断请重新运行。",
        )
    slug = job["spec"].command
    if slug not in COUNTERS:
        raise whole_file(
            f"Nothing takes {slug} back: what it records stays. These can be undone:"
            f" {', '.join(sorted(COUNTERS))}.",
            f"{slug} 没有撤销命令，已记录的内容将保留。可撤销的有：{'、'.join(sorted(COUNTERS))}。",
        )
    return job, COUNTERS[slug]


def _events(
    platform: Platform, correlation: str, after: int, until: int, counter: Counter
) -> Iterator[Recorded]:
    """What tells of the rows that were done, in order."""
    while True:
        with platform.database.read() as connection:
            page = platform.store.read(connection, after, PAGE, until)
        for event in page:
            if event.correlation_id == correlation and event.type == counter.event.__name__:
                yield event
        if len(page) < PAGE:
            return
        after = page[-1].position


def _asked(
    platform: Platform, counter: Counter, event: Recorded, id: str, actor: str
) -> tuple[Recorded, Request]:
    command = counter.made(event.stream, platform.log.event(event))
    key, correlation = f"undo:{id}:{event.position}", f"undo:{id}"
    return event, request(command, actor, key, correlation=correlation, causation=event.id)


def _built_on(platform: Platform, event: Recorded, id: str, found: Undone) -> bool:
    """Whether something of others came after it in its stream."""
    if event.stream.partition("-")[0] in CHECKED_BY_AGGREGATE:
        return False
    ours = {f"import:{id}", f"undo:{id}"}
    with platform.database.read() as connection:
        later = platform.store.history(connection, event.stream, event.version)
    other = next((one for one in later if one.correlation_id not in ours), None)
    if other is not None:
        words = (
            f"{other.type} came after it, at position {other.position}. Take that back first.",
            f"其后发生了 {other.type}（位置 {other.position}）。请先撤销该事项。",
        )
        found.stays(event, words)
    return other is not None


def _possible(
    platform: Platform, asked: Sequence[tuple[Recorded, Request]], found: Undone
) -> Iterator[tuple[Recorded, Request]]:
    """Those that no rule refuses as things stand."""
    remaining = iter(asked)
    while few := list(islice(remaining, BATCH)):
        answers = platform.executor.rehearse([request for _, request in few])
        for each, answer in zip(few, answers, strict=True):
            outcome = outcome_of(answer)
            if outcome.refusal is None:
                yield each
            else:
                found.stays(each[0], refusals.words(platform.log, outcome))
