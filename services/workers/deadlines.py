"""What is due is asked: in the order of its instants, never early, and in effect once."""

import logging
from collections.abc import Sequence

from infra.codec import Codec
from infra.recorder import LogRecorder
from services.processes import Process, deadlines, holds, positions, refusals
from services.processes.deadlines import Deadline
from services.processes.holds import DeadlineHold
from services.workers.firing import DeadlineBatch
from services.workers.leaps import LeapGuard
from services.workers.react import Reactor
from services.workers.rearm import rearm

BATCH = 500
"""Deadlines of a process that a step asks at most, by several short transactions."""
MINUTE = 60_000_000

log = logging.getLogger(__name__)


class DeadlineRunner:
    """Asks what is due for a process, a batch at a step.

    A row is deleted after its command was answered. Whoever asks it again asks under the same
    key, and a key takes effect once. A refusal is an answer, and is kept with those of the process.
    """

    def __init__(self, store: LogRecorder, codec: Codec, reactor: Reactor) -> None:
        self.store = store
        self.database = store.database
        self._codec = codec
        self._reactor = reactor
        self._leaps: dict[str, LeapGuard] = {}
        self._held: set[str] = set()

    def begin(self, process: Process) -> None:
        """Prepare a worker: what failed is tried again, a process that is new here is held.

        It may have heard of much before it had deadlines: these are made from the log.
        """
        name, own = process.name, self.store.log
        with self.database.read() as connection:
            known = holds.of(connection, name, own)
        if known is None:
            rearm(self.store, self._codec, process)
        with self.database.write() as connection:
            holds.begin(connection, name, own, self.database.now(connection))
            deadlines.retry(connection, name, own)

    def step(self, process: Process) -> int:
        """Ask what is due, up to a batch; answers how many deadlines are done with."""
        name, own = process.name, self.store.log
        with self.database.read() as connection:
            now = self.database.now(connection)
            hold = holds.of(connection, name, own)
            found = deadlines.due(connection, name, own, now, BATCH)
        if hold is None or not self._may_fire(process, hold, now, any_due=bool(found)):
            return 0
        return self._fire(process, found, now) if found else 0

    def _may_fire(self, process: Process, hold: DeadlineHold, now: int, *, any_due: bool) -> bool:
        name, own = process.name, self.store.log
        guard = self._leaps.setdefault(name, LeapGuard(self.database.clock))
        if hold.held and (hold.held != "new" or any_due):
            self._held.add(name)
            return False
        if hold.held:  # a new process that has nothing to hold back
            with self.database.write() as connection:
                holds.release(connection, name, own, now)
        if name in self._held:
            self._held.discard(name)
            guard.believe(now)
        if leap := guard.leap(now, hold.looked_at, self._recorded_at):
            log.error("%s asks nothing more: the clock leapt by %d s", name, leap // 1_000_000)
            self._held.add(name)
            with self.database.write() as connection:
                holds.hold(connection, name, own, "clock", now)
            return False
        if now - hold.looked_at > MINUTE:
            with self.database.write() as connection:
                holds.look(connection, name, own, now)
        return True

    def _recorded_at(self) -> int:
        """When the last event of the log was recorded."""
        with self.database.read() as connection:
            return self.store.head(connection).recorded_at

    def _fire(self, process: Process, found: Sequence[Deadline], now: int) -> int:
        done = DeadlineBatch(self.store, self._reactor, process, found).fire(now)
        name, own = process.name, self.store.log
        with self.database.write() as connection:
            positions.spare_the_disk(connection)
            deadlines.settle(connection, name, own, done.settled)
            for row, error in done.failed.items():
                deadlines.fail(connection, row, error)
            refusals.add(connection, done.refused)
            holds.count(connection, name, own, done.asked, done.skipped)
        return len(done.settled) + len(done.failed)
