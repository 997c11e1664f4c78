"""An import is taken back by counter-commands, where nothing was built on it; or it says what was.

Nothing is deleted: what happened stays in the log, and so does what took it back.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from infra.events import Recorded
from infra.requests import Answer, Request
from services import refusals
from services.bootstrap import Platform, request
from services.dependent_rows import commit_rows
from services.faults import Words
from services.imports import kept
from services.imports.counters import COUNTERS, Counter
from services.imports.files import outcome_of
from services.imports.rows import BATCH, Progress, silent
from services.imports.sources import whole_file
from services.naming import IndexBehind
from services.waiting_outcomes import is_waiting, request_of

PAGE = 5_000
"""Events that are read, and counter-commands that are rehearsed, at once."""
CHECKED_BY_AGGREGATE = frozenset({"stock", "member"})
"""Kinds whose things many move at once: their own rules say what can still be taken back."""
MOST_KEPT = 1_000
"""Of what stays, so much is told one by one."""
PATIENCE, PAUSE = 60.0, 0.5
"""Seconds to wait for the index of what names what, in all and at once."""


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
    stay: int = 0
    kept: list[Kept] = field(default_factory=list)
    """The first of them."""

    def stays(self, event: Recorded, words: Words) -> None:
        self.stay += 1
        if self.stay <= MOST_KEPT:
            self.kept.append(Kept(event.stream, event.position, words))


def undo(
    platform: Platform,
    id: str,
    actor: str,
    *,
    partial: bool = False,
    progress: Progress = silent,
    checked: bool = False,
) -> Undone:
    """Take back what an import did: all of it or nothing, or as much as can be.

    Of a run that was cut off, what it took back is known and not taken back twice. `checked`, each
    counter-command needs the actor's right to it.
    """
    job, counter = undoable(platform, id)
    work = _Undoing(platform, id, actor, job["after"], job["until"], counter, progress, checked)
    found = Undone()
    if not partial:
        work.check(found)
        if found.stay:
            return found
    found = Undone()
    work.take_back(found)
    if not found.stay:
        with platform.database.write() as connection:
            kept.undone(connection, id)
    return found


def undoable(platform: Platform, id: str) -> tuple[dict[str, Any], Counter]:
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


@dataclass
class _Undoing:
    """One import that is being taken back, its last event first and no more than a page at hand."""

    platform: Platform
    id: str
    actor: str
    after: int
    until: int
    counter: Counter
    progress: Progress
    checked: bool = False
    waited: float = 0.0
    told: tuple[int, int] = (0, 0)

    def check(self, found: Undone) -> None:
        """Name what stays as things stand; nothing is written."""
        for page in self._pages():
            found.rows += len(page)
            asked = [self._asked(event) for event in self._free(page, found)]
            self._tell(0, found.rows)
            for (event, _), answer in zip(asked, self._rehearsed(asked), strict=True):
                self._enter(found, event, answer, undone=0)

    def take_back(self, found: Undone) -> None:
        for page in self._pages():
            found.rows += len(page)
            asked = (self._asked(event) for event in self._free(page, found))
            while few := list(islice(asked, BATCH)):
                for event, answer in self._committed(few):
                    self._enter(found, event, answer)
                self._tell(found.undone + found.stay, found.rows)

    def _tell(self, done: int, rows: int) -> None:
        self.told = done, rows
        self.progress(done, rows)

    def _enter(self, found: Undone, event: Recorded, answer: Answer, undone: int = 1) -> None:
        outcome = outcome_of(answer)
        if is_waiting(outcome):
            found.stays(event, _waits(request_of(outcome)))
        elif outcome.refusal is None:
            found.undone += undone
        else:
            found.stays(event, refusals.words(self.platform.log, outcome))

    def _pages(self) -> Iterator[list[Recorded]]:
        """What tells of the rows that were done, the last one first."""
        correlation, wanted = f"import:{self.id}", self.counter.event.__name__
        store = self.platform.store
        for last in range(self.until, self.after, -PAGE):
            with self.platform.database.read() as connection:
                page = store.read(connection, max(last - PAGE, self.after), PAGE, last)
            mine = [one for one in page if one.correlation_id == correlation]
            yield [one for one in reversed(mine) if one.type == wanted]

    def _free(self, page: Sequence[Recorded], found: Undone) -> list[Recorded]:
        """Those after which nothing of others came in their streams."""
        ours = {f"import:{self.id}", f"undo:{self.id}"}
        looked = [e.stream for e in page if e.stream.partition("-")[0] not in CHECKED_BY_AGGREGATE]
        others: dict[str, list[Recorded]] = {}
        for start in range(0, len(looked), BATCH):
            with self.platform.database.read() as connection:
                few = self.platform.store.histories(connection, looked[start : start + BATCH])
            for one in few:
                if one.correlation_id not in ours:
                    others.setdefault(one.stream, []).append(one)
        free = []
        for event in page:
            theirs = others.get(event.stream, ())
            other = next((one for one in theirs if one.version > event.version), None)
            if other is None:
                free.append(event)
            else:
                found.stays(event, _after(other))
        return free

    def _asked(self, event: Recorded) -> tuple[Recorded, Request]:
        command = self.counter.made(event.stream, self.platform.log.event(event))
        key, correlation = f"undo:{self.id}:{event.position}", f"undo:{self.id}"
        return event, request(
            command,
            self.actor,
            key,
            correlation=correlation,
            causation=event.id,
            checked=self.checked,
        )

    def _rehearsed(self, asked: Sequence[tuple[Recorded, Request]]) -> list[Answer]:
        while True:
            answers = self.platform.executor.rehearse([request for _, request in asked])
            if not self._waits(answers):
                return answers

    def _committed(
        self, asked: Sequence[tuple[Recorded, Request]]
    ) -> Iterator[tuple[Recorded, Answer]]:
        """The answers; what only has to wait for the index is asked again."""
        while True:
            done = [one for few in commit_rows(self.platform.executor, asked, BATCH) for one in few]
            if not self._waits([answer for _, answer in done]):
                yield from done
                return

    def _waits(self, answers: Sequence[Answer]) -> bool:
        """Whether it waited for the index of what names what, for as long as that may take."""
        late = any(getattr(one, "refusal", None) == IndexBehind.__name__ for one in answers)
        if not late or self.waited >= PATIENCE:
            return False
        time.sleep(PAUSE)
        self.waited += PAUSE
        self.progress(*self.told)
        return True


def _waits(request: str) -> Words:
    return (
        f"A second person has to confirm that it is taken back: request {request}.",
        f"撤销须由第二人确认：申请 {request}。",
    )


def _after(other: Recorded) -> Words:
    return (
        f"{other.type} came after it, at position {other.position}. Take that back first.",
        f"其后发生了 {other.type}（位置 {other.position}）。请先撤销该事项。",
    )
