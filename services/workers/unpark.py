"""Parked streams flow on: their events are let in in order, but for those skipped on record."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from commands.exclusion import MOST, SkipParked
from infra.clock import iso
from infra.codec import Codec
from infra.database import unwritable
from infra.events import Recorded
from infra.store import Store
from projections import Failed, Heard, View, apart, closings, generations, parking, progress
from projections.parking import Bay
from services.bootstrap import Platform, request
from services.workers.apply import BEHIND, read, said
from services.workers.excluded import excluded


class NotParked(LookupError):
    """Nothing of that stream, or not that event, is parked in that view."""


class Unparked(NamedTuple):
    """What came of it; `error` is why the first of those that are left still waits."""

    view: str
    stream: str
    applied: int
    skipped: int
    left: int
    error: str | None = None


class Skip(NamedTuple):
    """What to leave out: one event, by its position, or else the first; or all of them."""

    stream: str
    reason: str
    position: int | None = None
    every: bool = False


@dataclass(frozen=True)
class Settler:
    """Settles parked streams of one view: whoever calls holds the view's lock."""

    store: Store
    codec: Codec
    view: View

    def skipped(self, connection: Connection) -> dict[int, str]:
        return excluded(connection, self.store, self.codec, self.view.name)

    def settle_skipped(self, connection: Connection, number: int) -> None:
        """Settle what is parked in a generation of the streams of which something is skipped."""
        parked = progress.parked_streams(connection, self.view.name, number)
        for stream in sorted(parked.intersection(self.skipped(connection).values())):
            self.settle(connection, number, stream)

    def settle(self, connection: Connection, number: int, stream: str) -> Unparked:
        """Forget what is skipped, apply what follows up to the first that still fails."""
        bay = Bay(self.view.name, number, self.store.log, stream)
        parked = [one.position for one in parking.waiting(connection, bay)]
        gone = self.skipped(connection).keys() & set(parked)
        heard = [
            Heard(self.store.log, event, read(self.codec, event))
            for event in self._events(connection, [at for at in parked if at not in gone])
        ]
        failed = self._let_in(connection, number, heard)
        errors = {one.recorded.position: BEHIND for one, _ in failed}
        for one, error in failed[:1]:
            errors[one.recorded.position] = said(error)
        applied = {one.recorded.position for one in heard} - set(errors)
        parking.leave(connection, bay, applied | gone)
        parking.tell(connection, bay, errors)
        why = next(iter(errors.values()), None)
        return Unparked(self.view.name, stream, len(applied), len(gone), len(errors), why)

    def _let_in(self, connection: Connection, number: int, heard: Sequence[Heard]) -> list[Failed]:
        """Apply what can be, and take the closings anew; if these cannot be written, nothing."""
        try:
            with connection.begin_nested():
                failed = apart.apply(self.view, connection, self.view.tables(number), heard)
                left = {one.recorded.position for one, _ in failed}
                applied = {one.recorded.position for one in heard} - left
                closings.again(connection, self.view, number, self.store.log, applied)
                return failed
        except Exception as error:
            if not unwritable(error):
                raise
            return [(one, apart.cause(error)) for one in heard]

    def _events(self, connection: Connection, positions: Sequence[int]) -> list[Recorded]:
        few = parking.portions(positions)
        return [event for some in few for event in self.store.at(connection, some)]


def look(
    platform: Platform, connection: Connection, bay: Bay, after: int, limit: int
) -> list[dict[str, Any]]:
    """The events that wait, with why, and with their data as stored."""
    waiting = parking.waiting(connection, bay, after, limit)
    found = platform.store.at(connection, [one.position for one in waiting])
    data = {event.position: msgspec.Raw(event.data) for event in found}
    return [
        {
            "position": one.position,
            "type": one.type,
            "error": one.error,
            "parked_at": iso(one.parked_at),
            "data": data.get(one.position, msgspec.Raw(b"null")),
        }
        for one in waiting
    ]


def retry(platform: Platform, view: View, stream: str) -> Unparked:
    """Let in what can be read by now, in one transaction; harmless when nothing is parked."""
    settler = Settler(platform.store, platform.codec, view)
    with platform.database.write() as connection:
        number = generations.lock(connection, view.name).generation
        done = settler.settle(connection, number, stream)
        if done.applied or done.skipped:
            generations.let_go(connection, view.name)
        return done


def skip(platform: Platform, view: View, asked: Skip, actor: str) -> Unparked:
    """Record what is left out, then let the rest in; dying in between is healed by asking again.

    The record is an event: the view itself follows it, and so does every rebuild.
    """
    positions = _named(platform, view, asked)
    for first in range(0, len(positions), MOST):
        few = tuple(positions[first : first + MOST])
        key = f"skip:{view.name}:{asked.stream}:{few[-1]}"
        command = SkipParked(
            id=view.name, parked=asked.stream, positions=few, reason=asked.reason, occurred_at=None
        )
        platform.executor.execute(request(command, actor, key))
    return retry(platform, view, asked.stream)


def _named(platform: Platform, view: View, asked: Skip) -> list[int]:
    """The positions to record: those that are meant, but for those that the log has already."""
    settler = Settler(platform.store, platform.codec, view)
    with platform.database.read() as connection:
        number = generations.generation(connection, view.name)
        bay = Bay(view.name, number, platform.store.log, asked.stream)
        parked = [one.position for one in parking.waiting(connection, bay)]
        known = settler.skipped(connection)
    if asked.position in known and asked.position is not None:
        return []
    if not parked or (asked.position is not None and asked.position not in parked):
        raise NotParked(asked.stream)
    meant = parked if asked.every else [asked.position or parked[0]]
    return [at for at in meant if at not in known]
