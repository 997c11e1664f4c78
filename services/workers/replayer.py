"""Parked streams of one view are settled: what can be let in is, and what is skipped goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection

from infra.codec import Codec
from infra.database import unwritable
from infra.events import Recorded
from infra.store import Store
from projections.engine import (
    DecodedEvent,
    Failed,
    Projection,
    generations,
    isolate,
    parking,
    progress,
)
from projections.engine.parking import ParkedStreamKey
from services.workers import processed
from services.workers.errors import BEHIND, describe, read
from services.workers.exclusions import excluded, latest_exclusions

RESTORED = "was skipped, is restored, and waits to be let in"


class ReplayResult(NamedTuple):
    """What came of it; `error` is why the first of those that are left still waits."""

    view: str
    stream: str
    applied: int
    skipped: int
    left: int
    error: str | None = None


@dataclass(frozen=True)
class Replayer:
    """Settles parked streams of one view: whoever calls holds the view's lock."""

    store: Store
    codec: Codec
    view: Projection

    def skipped(self, connection: Connection) -> dict[int, str]:
        return excluded(connection, self.store, self.codec, self.view.name)

    def settle_skipped(self, connection: Connection, number: int) -> None:
        """Settle what is parked in a generation of the streams of which something is skipped."""
        parked = progress.parked_streams(connection, self.view.name, number)
        for stream in sorted(parked.intersection(self.skipped(connection).values())):
            self.settle(connection, number, stream)

    def settle_restored(self, connection: Connection, number: int) -> None:
        """Take into a generation what was restored and it has left out."""
        words = latest_exclusions(connection, self.store, self.codec, self.view.name).values()
        for stream in sorted({word.event.stream for word in words if not word.out}):
            self.settle(connection, number, stream)

    def settle(self, connection: Connection, number: int, stream: str) -> ReplayResult:
        """Forget what is skipped, apply what follows up to the first that still fails."""
        bay = ParkedStreamKey(self.view.name, number, self.store.log, stream)
        self._take_back(connection, bay)
        parked = [one.position for one in parking.waiting(connection, bay)]
        gone = self.skipped(connection).keys() & set(parked)
        heard = [
            DecodedEvent(self.store.log, event, read(self.codec, event))
            for event in self._events(connection, [at for at in parked if at not in gone])
        ]
        failed = self._let_in(connection, number, heard)
        errors = {one.recorded.position: BEHIND for one, _ in failed}
        for one, error in failed[:1]:
            errors[one.recorded.position] = describe(error)
        applied = {one.recorded.position for one in heard} - set(errors)
        parking.leave(connection, bay, applied | gone)
        parking.tell(connection, bay, errors)
        why = next(iter(errors.values()), None)
        return ReplayResult(self.view.name, stream, len(applied), len(gone), len(errors), why)

    def _take_back(self, connection: Connection, bay: ParkedStreamKey) -> None:
        """Park what was restored, where the generation has passed it and has nothing of it."""
        words = latest_exclusions(connection, self.store, self.codec, bay.view)
        restored = {
            at for at, word in words.items() if not word.out and word.event.stream == bay.stream
        }
        if not restored:
            return
        generations.let_go(connection, bay.view)  # whoever knows it as skipped must look again
        for few in parking.portions(sorted(restored)):
            restored -= generations.taken(connection, self.view, bay.generation, bay.log, few)
        if restored and self.view.ordered:  # what came later rests on it: all is applied anew
            self.view.forget(connection, bay.generation, bay.log, bay.stream)
            every = self.store.history(connection, bay.stream)
            left_out = self.skipped(connection).keys()
            restored = {event.position for event in every} - left_out
        restored -= {one.position for one in parking.waiting(connection, bay)}
        stood = progress.stands(connection, bay.view, bay.generation)
        is_passed = processed.processed_up_to(connection, self.store, self.view, stood)
        events = [event for event in self._events(connection, sorted(restored)) if is_passed(event)]
        rows = [(bay.log, event.position, event.stream, event.type, RESTORED) for event in events]
        now = self.store.database.now(connection)
        progress.park(connection, bay.view, bay.generation, rows, now)

    def _let_in(
        self, connection: Connection, number: int, heard: Sequence[DecodedEvent]
    ) -> list[Failed]:
        """Apply what can be, and take the rollups anew; if these cannot be written, nothing."""
        try:
            with connection.begin_nested():
                failed = isolate.apply(self.view, connection, number, heard)
                left = {one.recorded.position for one, _ in failed}
                applied = {one.recorded.position for one in heard} - left
                self.view.replayed(connection, number, self.store.log, applied)
                return failed
        except Exception as error:
            if not unwritable(error):
                raise
            return [(one, isolate.cause(error)) for one in heard]

    def _events(self, connection: Connection, positions: Sequence[int]) -> list[Recorded]:
        few = parking.portions(positions)
        return [event for some in few for event in self.store.at(connection, some)]
