"""A batch of due deadlines: which are still asked, under which keys, and what came of each."""

import logging
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple
from uuid import uuid5

import msgspec
from sqlalchemy import Connection

from infra.clock import instant
from infra.recorder import LogRecorder
from infra.requests import Answer, KeyReused, Outcome, Request, TooEarly
from services.bootstrap import request
from services.processes import Process, deadlines
from services.processes.deadlines import Deadline
from services.workers import react
from services.workers.errors import describe
from services.workers.react import KEYS, PendingCommand, Reaction, Reactor, passing

log = logging.getLogger(__name__)


class Fired(NamedTuple):
    """What came of a batch. What is neither settled nor failed came too early, and is kept."""

    settled: list[Deadline]
    failed: dict[Deadline, str]
    refused: list[dict[str, Any]]
    asked: int
    skipped: int


class _Dropped(NamedTuple):
    row: Deadline
    rule: str
    message: str


class DeadlineBatch:
    """The deadlines of one process that were due at an instant, in their order."""

    def __init__(
        self, store: LogRecorder, reactor: Reactor, process: Process, rows: Sequence[Deadline]
    ) -> None:
        self.store = store
        self.process = process
        self.rows = rows
        self._reactor = reactor
        self._failed: dict[Deadline, str] = {}

    def fire(self, now: int) -> Fired:
        with self.store.database.read() as connection:
            known = [row for row in self.rows if self._is_known(row)]
            dropped = list(self._dropped(connection, known, now))
            late = {one.row for one in dropped}
            asked = self._requests(connection, [row for row in known if row not in late])
        answers = self._ask(asked)
        early = {row for row, answer in answers.items() if isinstance(answer, TooEarly)}
        settled = [row for row in self.rows if row not in early and row not in self._failed]
        refused = [*self._refused(answers), *(self._refusal(*one) for one in dropped)]
        done = len(answers) - len(early)
        return Fired(settled, self._failed, refused, done, len(dropped))

    def _is_known(self, row: Deadline) -> bool:
        """Whether this build can read it: another one may have had other purposes."""
        if row.purpose not in self.process.purposes:
            self._failed[row] = f"{self.process.name} has no deadlines for {row.purpose} now"
        return row.purpose in self.process.purposes

    def _dropped(
        self, connection: Connection, rows: Sequence[Deadline], now: int
    ) -> Iterator[_Dropped]:
        """Those that lateness forbids to ask."""
        for name, purpose in self.process.purposes.items():
            mine = [row for row in rows if row.purpose == name]
            if (tolerance := purpose.lateness.tolerance) is not None:
                late = (row for row in mine if instant(now) - instant(row.due) > tolerance)
                for row in late:
                    text = f"It was due at {instant(row.due)}, more than {tolerance} ago."
                    yield _Dropped(row, "TooLate", text)
            if purpose.lateness.latest and mine:
                yield from self._superseded(connection, name, mine, now)

    def _superseded(
        self, connection: Connection, purpose: str, rows: Sequence[Deadline], now: int
    ) -> Iterator[_Dropped]:
        streams = sorted({row.stream for row in rows})
        of = self.process.name, self.store.log, purpose
        last = deadlines.latest(connection, *of, streams, now)
        for row in rows:
            if row.due < last[row.stream]:
                text = f"Only the last is asked, which was due at {instant(last[row.stream])}."
                yield _Dropped(row, "Superseded", text)

    def _requests(
        self, connection: Connection, rows: Sequence[Deadline]
    ) -> dict[Deadline, PendingCommand]:
        """Those that would change something now, under their first keys."""
        events = {
            one.position: one for one in self.store.at(connection, [r.position for r in rows])
        }
        reactions = list[Reaction]()
        for row in rows:
            try:
                event, command = events[row.position], self._command(row)
            except Exception as error:  # noqa: BLE001 - whatever it is, the others are asked
                self._failed[row] = describe(error)
            else:
                reactions.append(Reaction(event, row.number, command))
        by_place = {(row.position, row.number): row for row in rows}
        asked = dict[Deadline, PendingCommand]()
        for each in self._reactor.needed(self.process, reactions):
            row = by_place[each.event.position, each.number]
            asked[row] = PendingCommand(each, first_request(self.process, row, each))
        return asked

    def _command(self, row: Deadline) -> Any:
        return self.process.purposes[row.purpose].command.model_validate_json(row.content)

    def _ask(self, asked: dict[Deadline, PendingCommand]) -> dict[Deadline, Answer]:
        """The answers of the log; a fault that may pass is raised."""
        answers: dict[Deadline, Answer] = {}
        for row, one, first in self._first_answers(asked):
            answer = self._following(row, one, first)
            if isinstance(answer, Outcome | KeyReused | TooEarly):
                answers[row] = answer
            elif passing(answer):
                raise answer
            else:
                log.error("%s cannot ask %s: %r", self.process.name, row.command, answer)
                self._failed[row] = describe(answer)
        return answers

    def _first_answers(
        self, asked: dict[Deadline, PendingCommand]
    ) -> Iterator[tuple[Deadline, PendingCommand, Answer]]:
        left = iter(asked.items())
        while batch := list(islice(left, react.BATCH)):
            answers = self._reactor.commit([one for _, one in batch])
            for (row, one), answer in zip(batch, answers, strict=True):
                yield row, one, answer

    def _following(self, row: Deadline, one: PendingCommand, answer: Answer) -> Answer:
        """What was answered to an earlier deadline of that instant does not answer this one."""
        seen = -1
        while (position := self._position(one.request.key, answer)) is not None:
            if not seen < position < row.position:
                break
            seen = position
            one = one._replace(request=next_request(one.request, position))
            (answer,) = self._reactor.commit([one])
        return answer

    def _position(self, key: str, answer: Answer) -> int | None:
        """Where the log was when the key took effect, be it for another command."""
        if isinstance(answer, KeyReused):
            with self.store.database.read() as connection:
                _, stored = self.store.outcomes(connection, [key])[key]
            answer = msgspec.json.decode(stored, type=Outcome)
        return answer.position if isinstance(answer, Outcome) else None

    def _refused(self, answers: dict[Deadline, Answer]) -> Iterator[dict[str, Any]]:
        for row, answer in answers.items():
            if isinstance(answer, Outcome) and answer.refusal is not None:
                text = "%s %s of %s: refused, %s %s"
                what = row.process, row.purpose, row.subject, answer.refusal, answer.message
                log.warning(text, *what, extra={"stream": row.stream})
                yield self._refusal(row, answer.refusal, answer.message or "")

    def _refusal(self, row: Deadline, rule: str, message: str) -> dict[str, Any]:
        fields = "process", "log", "position", "number", "command", "stream"
        found = {name: getattr(row, name) for name in fields}
        at = self.store.database.clock.now()
        return {**found, "refusal": rule, "message": message, "refused_at": at}


def first_request(process: Process, row: Deadline, reaction: Reaction) -> Request:
    """The request of a deadline: its key says whose, what for, of what and for when."""
    event = reaction.event
    made = request(
        reaction.command,
        f"process:{process.name}",
        first_key(row),
        correlation=event.correlation_id,
        causation=event.id,
    )
    return msgspec.structs.replace(made, not_before=row.due)


def next_request(before: Request, position: int) -> Request:
    return msgspec.structs.replace(before, key=next_key(before.key, position))


def first_key(row: Deadline) -> str:
    return str(uuid5(KEYS, f"{row.process}:{row.purpose}:{row.subject}:{row.due}"))


def next_key(before: str, position: int) -> str:
    """The key of what is due at the same instant, but was scheduled after that was done."""
    return str(uuid5(KEYS, f"{before}:{position}"))
