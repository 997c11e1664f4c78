"""Events to the processes: each is reacted to at least once, in order, and in effect once."""

import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import Connection

from commands import Command
from infra.codec import Codec
from infra.events import Recorded
from infra.executor import Executor
from infra.log import Log
from infra.recorder import LogRecorder
from infra.requests import Answer, KeyReused, Outcome, Request, batches
from services.bootstrap import request
from services.processes import Process, positions, refusals
from services.processes.positions import Superseded
from services.workers.lead import lead
from services.workers.wait import Wait

if TYPE_CHECKING:
    from infra.tracing import Tracing

READ = 1_000
BATCH = 64
LONGEST_PAUSE = 60.0
JOB = 4_115_117
KEYS = uuid5(NAMESPACE_OID, "distributary.processes")

log = logging.getLogger(__name__)


class Stuck(Exception):
    """An event could not be reacted to; the process waits before it, and tries again."""

    def __init__(self, event: Recorded, error: Exception) -> None:
        where = f"position {event.position}, {event.type} of {event.stream}"
        super().__init__(f"{where}: {error!r}; mend the rule and start this worker anew")
        self.before = event.position - 1
        self.event = event


class Reaction(NamedTuple):
    event: Recorded
    number: int
    command: Command


class Asked(NamedTuple):
    reaction: Reaction
    request: Request

    @property
    def event(self) -> Recorded:
        return self.reaction.event


class Refusal(NamedTuple):
    """A reaction that a rule did not allow: an answer, and somebody has to hear of it."""

    reaction: Reaction
    outcome: Outcome


class Trouble(NamedTuple):
    """Why a process does not go on, how often it was tried, and when it is tried again.

    `position` is that of the event it waits before, where it is an event that stops it.
    """

    error: str
    tries: int
    until: int
    position: int | None


class Driver:
    """Reads the log behind each process's position and asks what the process wants asked.

    The position moves after the commands were answered. Whoever reacts to an event again asks
    under the same keys, and a key takes effect once. A refusal is an answer, and is kept where
    `/status` and the metrics tell of it. After a fault
    nothing is skipped: the events are tried again, after a pause that doubles up to a minute.
    """

    def __init__(
        self,
        store: LogRecorder,
        executor: Executor,
        codec: Codec,
        processes: Sequence[Process],
        tracing: "Tracing | None" = None,
    ) -> None:
        self.store = store
        self.database = store.database
        self.executor = executor
        self.processes = processes
        self.tracing = tracing
        self.troubles: dict[str, Trouble] = {}
        self._log = Log(store, codec)

    def lead(self, connection: Connection) -> bool:
        """Whether this worker drives; held until the connection ends (PostgreSQL)."""
        return lead(connection, JOB, self.store.log)

    def step(self, most: int = READ) -> int:
        """Take each process a step on; answers how many events they have got behind them."""
        return sum(self._try(process, most) for process in self.processes)

    def waits(self) -> Iterator[Wait]:
        """The events that processes wait before."""
        for name, trouble in self.troubles.items():
            yield Wait("event", name, trouble.position)

    def _try(self, process: Process, most: int) -> int:
        trouble = self.troubles.get(process.name)
        if trouble and self.database.clock.now() < trouble.until:
            return 0
        try:
            done = self._follow(process, most)
        except Superseded as error:
            log.info("%s", error)
            return 0
        except Exception as error:  # noqa: BLE001 - whatever it was, the same events come again
            self._stumble(process, error)
            return 0
        self.troubles.pop(process.name, None)
        return done

    def _stumble(self, process: Process, error: Exception) -> None:
        before = self.troubles.get(process.name)
        tries = before.tries + 1 if before else 1
        pause, now = min(0.1 * 2 ** min(tries, 10), LONGEST_PAUSE), self.database.clock.now()
        until = now + int(pause * 1_000_000)
        event = error.event if isinstance(error, Stuck) else None
        position = event.position if event else None
        self.troubles[process.name] = Trouble(str(error), tries, until, position)
        more = _correlated(event) if event else {}
        log.error("%s waits %.1f s: %s", process.name, pause, error, exc_info=error, extra=more)

    def _follow(self, process: Process, most: int) -> int:
        with self.database.read() as connection:
            old = positions.of(connection, process.name, self.store.log)
            events = self.store.read(connection, old, most)
            reactions, fault = self._react(process, events)
            asked = self._needed(connection, process, reactions)
        if not events:
            return 0
        failed, refused = self._ask(asked)
        fault = failed or fault
        reached = fault.before if fault else events[-1].position
        if reached > old:
            rows = [row for row in self._rows(process, refused) if row["position"] <= reached]
            with self.database.write() as connection:
                positions.move(connection, process.name, self.store.log, old, reached)
                refusals.add(connection, rows)
        if fault:
            raise fault
        return reached - old

    def _react(
        self, process: Process, events: Iterable[Recorded]
    ) -> tuple[list[Reaction], Stuck | None]:
        """What the process wants asked, up to an event that it cannot react to."""
        reactions: list[Reaction] = []
        for event in events:
            if event.type not in process.hears:
                continue
            try:
                wanted = list(process.react(event, self._log.event(event)))
            except Exception as error:  # noqa: BLE001 - what came before it shall go on
                return reactions, Stuck(event, error)
            reactions += [Reaction(event, number, each) for number, each in enumerate(wanted)]
        return reactions, None

    def _needed(
        self, connection: Connection, process: Process, reactions: Sequence[Reaction]
    ) -> list[Asked]:
        """Leaves out what would change nothing by the states as they are, later than the events.

        Later is safe: what happens after these states is an event to react to as well.
        """
        if not reactions:
            return []
        self._log.catch_up(connection, self.store.head(connection))
        kinds: dict[str, Any] = {each.command.stream: each.command.aggregate for each in reactions}
        self._log.fetch(connection, kinds)
        states = {name: self._log.load(connection, kind, name)[0] for name, kind in kinds.items()}
        return [
            Asked(each, _request(process, each))
            for each in reactions
            if not process.idle(each.command, states[each.command.stream])
        ]

    def _ask(self, asked: Sequence[Asked]) -> tuple[Stuck | None, list[Refusal]]:
        """Ask in order, a batch at a time, up to the first fault; answers it, and the refusals."""
        refused: list[Refusal] = []
        causes = (each.reaction for each in asked)
        for batch in batches((each.request for each in asked), BATCH):
            reactions = list(islice(causes, len(batch)))
            events = [reaction.event for reaction in reactions]
            for reaction, answer in zip(reactions, self._commit(batch, events), strict=True):
                if fault := _fault(reaction.event, answer):
                    return fault, refused
                if isinstance(answer, Outcome) and answer.refusal is not None:
                    refused.append(Refusal(reaction, answer))
        return None, refused

    def _rows(self, process: Process, refused: Iterable[Refusal]) -> Iterator[dict[str, Any]]:
        for (event, number, command), outcome in refused:
            yield {
                "process": process.name,
                "log": self.store.log,
                "position": event.position,
                "number": number,
                "command": command.slug(),
                "stream": command.stream,
                "refusal": outcome.refusal,
                "message": outcome.message or "",
                "refused_at": self.database.clock.now(),
            }

    def _commit(self, batch: Sequence[Request], events: Sequence[Recorded]) -> Sequence[Answer]:
        began = time.time_ns()
        answers = self.executor.commit(batch)
        if self.tracing is not None:
            asked = list(zip(batch, map(self.tracing.cause, events), strict=True))
            self.tracing.committed(asked, answers, began, time.time_ns())
        return answers


def _request(process: Process, reaction: Reaction) -> Request:
    event = reaction.event
    key = str(uuid5(KEYS, f"{process.name}:{event.id}:{reaction.number}"))
    return request(
        reaction.command,
        f"process:{process.name}",
        key,
        correlation=event.correlation_id,
        causation=event.id,
    )


def _correlated(event: Recorded) -> dict[str, str]:
    """What a line of the log has besides its text, so that all of one matter can be found."""
    return {"correlation_id": event.correlation_id, "stream": event.stream}


def _fault(event: Recorded, answer: Answer) -> Stuck | None:
    match answer:
        case Outcome(refusal=None):
            return None
        case Outcome():
            text = "position %d: refused, %s %s"
            said = event.position, answer.refusal, answer.message
            log.warning(text, *said, extra=_correlated(event))
            return None
        case KeyReused():  # an older build has reacted to it, in its own way: that stands
            log.warning("position %d: %s", event.position, answer, extra=_correlated(event))
            return None
    return Stuck(event, answer)
