"""Events to the processes: each is reacted to at least once, in order, and in effect once."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection

from infra.codec import Codec
from infra.events import Recorded
from infra.executor import Executor
from infra.recorder import LogRecorder
from services.processes import Process, parking, positions, refusals
from services.processes.deadlines import DeadlineChange, DeadlineChanges
from services.processes.positions import StaleCheckpoint
from services.workers.deadlines import DeadlineRunner
from services.workers.errors import BEHIND
from services.workers.exclusions import excluded
from services.workers.leader import is_leader
from services.workers.react import Reacted, ReactionFault, Reactor, Refusal, correlated
from services.workers.replayer import RESTORED, ReplayResult
from services.workers.wait import Wait

if TYPE_CHECKING:
    from infra.tracing import Tracing

READ = 1_000
LONGEST_PAUSE = 60.0
JOB = 4_115_117

log = logging.getLogger(__name__)


class Backoff(NamedTuple):
    """Why a process does not go on, how often it was tried, and when it is tried again."""

    error: str
    tries: int
    until: int


class ProcessRunner:
    """Reads the log behind each process's position and asks what the process wants asked.

    The position moves after the commands were answered. A refusal is an answer, and is kept where
    `/status` and the metrics tell of it. An event that cannot be reacted to is parked with its
    stream, and all others flow on; what is parked is tried again when a worker starts, and when an
    operator says so. After a fault that may pass nothing is skipped: the events are tried again,
    after a pause that doubles up to a minute.
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
        self.troubles: dict[str, Backoff] = {}
        self._codec = codec
        self._reactor = Reactor(store, executor, codec, tracing)
        self._deadlines = DeadlineRunner(store, codec, self._reactor)
        self._begun: set[str] = set()

    def lead(self, connection: Connection) -> bool:
        """Whether this worker drives; held until the connection ends (PostgreSQL)."""
        return is_leader(connection, JOB, self.store.log)

    def step(self, most: int = READ) -> int:
        """Take each process a step on; answers how many events they have got behind them."""
        return sum(self._try(process, most) for process in self.processes)

    def waits(self) -> Iterator[Wait]:
        """The processes that wait until they can react."""
        for name in self.troubles:
            yield Wait("event", name)

    def retry(self, process: Process, stream: str) -> ReplayResult:
        """React to what is parked, in order, up to the first that still fails; forget what is
        skipped. A worker may be driving meanwhile, and what is asked twice takes effect once.
        """
        applied = skipped = 0
        while True:
            waiting, gone, deadlines, done = self._again(process, stream)
            settled = waiting - done.waits.keys()
            self._settle(process, settled, self._changes(process, deadlines, done.waits), done)
            skipped += len(settled & gone)
            applied += len(settled - gone)
            if done.waits or not waiting:
                return self._left(process, stream, applied, skipped)

    def take_back(self, process: Process, restored: Sequence[int]) -> None:
        """Park what was skipped and is restored, for the next retry. The keys see to it that what
        had been reacted to is not done twice.
        """
        with self.database.write() as connection:
            positions.hold(connection, process.name, self.store.log)
            events = self.store.at(connection, restored)
            waits = {event.position: RESTORED for event in events if event.type in process.hears}
            parking.park(connection, self._kept(process, events, waits))

    def _try(self, process: Process, most: int) -> int:
        trouble = self.troubles.get(process.name)
        if trouble and self.database.clock.now() < trouble.until:
            return 0
        try:
            self._begin(process)
            done = self._follow(process, most)
            if process.purposes and done < most:  # what was heard may forget what is due
                done += self._deadlines.step(process)
        except StaleCheckpoint as error:
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
        self.troubles[process.name] = Backoff(str(error), tries, until)
        log.error("%s waits %.1f s: %s", process.name, pause, error, exc_info=error)

    def _begin(self, process: Process) -> None:
        """Try again what is parked, once: this build may be able to react to it."""
        if process.name in self._begun:
            return
        with self.database.read() as connection:
            parked = parking.streams(connection, process.name, self.store.log)
        for stream in sorted(parked):
            done = self.retry(process, stream)
            if done.left:
                text = "%s: %d events of %s still wait: %s"
                told = process.name, done.left, stream, done.error
                log.error(text, *told, extra={"stream": stream})
        if process.purposes:
            self._deadlines.begin(process)
        self._begun.add(process.name)

    def _follow(self, process: Process, most: int) -> int:
        faults: dict[str, ReactionFault] = {}
        with self.database.read() as connection:
            old = positions.of(connection, process.name, self.store.log)
            events = self.store.read(connection, old, most)
            if not events:
                return 0
            parked = parking.streams(connection, process.name, self.store.log)
            heard = [event for event in events if event.type in process.hears]
            free = [event for event in heard if event.stream not in parked]
            asked, deadlines = self._reactor.wanted(process, free, faults)
        done = self._reactor.ask(free, asked, faults)
        behind = {event.position: BEHIND for event in heard if event.stream in parked}
        reached = events[-1].position
        with self.database.write() as connection:
            positions.move(connection, process.name, self.store.log, old, reached)
            if parking.streams(connection, process.name, self.store.log) != parked:
                raise StaleCheckpoint(
                    f"what is parked for {process.name} has changed: read it again"
                )
            refusals.add(connection, list(self._rows(process, done.refused)))
            parking.park(connection, self._kept(process, heard, done.waits | behind))
            self._changes(process, deadlines, done.waits).write(connection)
        for fault in done.faults:
            _tell(process, fault)
        return reached - old

    def _again(
        self, process: Process, stream: str
    ) -> tuple[set[int], set[int], list[DeadlineChange], Reacted]:
        """React to the first that wait of a stream; answers which these were, which of them are
        skipped, and what the rest make of deadlines and what came of it.
        """
        faults: dict[str, ReactionFault] = {}
        with self.database.read() as connection:
            first = parking.waiting(connection, process.name, self.store.log, stream, limit=READ)
            waiting = {one.position for one in first}
            gone = waiting & excluded(connection, self.store, self._codec, process.name).keys()
            events = self.store.at(connection, sorted(waiting - gone))
            asked, deadlines = self._reactor.wanted(process, events, faults)
        return waiting, gone, deadlines, self._reactor.ask(events, asked, faults)

    def _settle(
        self, process: Process, settled: Iterable[int], deadlines: DeadlineChanges, done: Reacted
    ) -> None:
        name, own = process.name, self.store.log
        with self.database.write() as connection:
            positions.hold(connection, name, own)
            parking.leave(connection, name, own, settled)
            parking.tell(connection, name, own, done.waits)
            refusals.add(connection, list(self._rows(process, done.refused)))
            deadlines.without_overtaken(connection).write(connection)

    def _changes(
        self, process: Process, found: Iterable[DeadlineChange], waits: Mapping[int, str]
    ) -> DeadlineChanges:
        """What the events make of deadlines that do not wait."""
        made = DeadlineChanges(process.name, self.store.log)
        return made.add(one for one in found if one.event.position not in waits)

    def _left(self, process: Process, stream: str, applied: int, skipped: int) -> ReplayResult:
        with self.database.read() as connection:
            left = parking.waiting(connection, process.name, self.store.log, stream)
        why = left[0].error if left else None
        return ReplayResult(process.name, stream, applied, skipped, len(left), why)

    def _kept(
        self, process: Process, events: Iterable[Recorded], waits: Mapping[int, str]
    ) -> Iterator[dict[str, Any]]:
        for event in events:
            if event.position in waits:
                yield {
                    "process": process.name,
                    "log": self.store.log,
                    "position": event.position,
                    "stream": event.stream,
                    "type": event.type,
                    "error": waits[event.position],
                    "parked_at": self.database.clock.now(),
                }

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


def _tell(process: Process, fault: ReactionFault) -> None:
    event, error = fault
    text = "%s parks %s from position %d on, %s: %r"
    told = process.name, event.stream, event.position, event.type, error
    log.error(text, *told, exc_info=error, extra=correlated(event))
