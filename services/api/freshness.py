"""A read sees one moment of the view, says how fresh it is, and never answers too early."""

import asyncio
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from infra.clock import iso, micros
from infra.database import Database
from projections.engine import Projection, day_of, generations, view_status, zones
from projections.engine.reading import NOW, AsOf
from services.access.permissions import GRANTED, Granted
from services.api import problems
from services.api.asking import ReadQuery
from services.api.problems import Problem
from services.bootstrap import Platform

FIRST_PAUSE, LONGEST_PAUSE = 0.01, 0.25


class Freshness(NamedTuple):
    """How far the view is, and how far the log."""

    position: int
    head: int
    lag_seconds: float

    def content(self, as_of: AsOf) -> dict[str, Any]:
        moment = as_of.position if as_of.occurred_at is None else iso(as_of.occurred_at)
        return {**self.lag(), "head": self.head, "as_of": moment}

    def lag(self) -> dict[str, int | float]:
        return {
            "position": self.position,
            "lag_events": self.head - self.position,
            "lag_seconds": self.lag_seconds,
        }


class NotCaughtUp(NamedTuple):
    """The view is not where the question needs it."""

    position: int
    wanted: int
    lag_seconds: float


@dataclass(frozen=True)
class ReadContext:
    """One consistent sight of the database, at the moment that was asked for."""

    connection: Connection
    freshness: Freshness
    as_of: AsOf
    today: int
    granted: Granted
    """What whoever asks may see."""
    states: AsOf = NOW
    """The moment of the records that the view is read beside."""


def moment(seen: ReadContext) -> int:
    """The position that later pages are read as of."""
    position = seen.as_of.position
    return seen.freshness.position if position is None else position


@contextmanager
def snapshot(database: Database) -> Iterator[Connection]:
    """All that is read in the block is of one moment."""
    if database.sqlite:
        with database.read() as connection:
            yield generations.of_one_sight(connection)
        return
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="REPEATABLE READ")
        yield generations.of_one_sight(connection)


def measured_all(
    platform: Platform, connection: Connection
) -> dict[str, tuple[view_status.ViewStatus, Freshness]]:
    """Where each view stands, and how fresh it is; the statements are as few for all as for one."""
    found = view_status.statuses(connection, platform.views, platform.store.log)
    fresh = _freshness(platform, connection, {one.position for one in found.values()})
    return {view: (one, fresh[one.position]) for view, one in found.items()}


def _freshness(
    platform: Platform, connection: Connection, positions: Collection[int]
) -> dict[int, Freshness]:
    """How fresh a view is that stands at each of the positions."""
    head = platform.store.head(connection)
    following = sorted(position + 1 for position in positions if position < head.position)
    missing = platform.store.at(connection, following) if following else []
    since = {one.position: one.recorded_at for one in missing}
    return {
        position: Freshness(
            min(position, head.position),
            head.position,
            max(0, head.now - since.get(position + 1, head.now)) / 1_000_000,
        )
        for position in positions
    }


async def read(
    platform: Platform,
    view: Projection,
    asked: ReadQuery,
    take: Callable[[ReadContext], dict[str, Any]],
    pinned: int | None = None,
    beside: Sequence[Projection] = (),
) -> dict[str, Any]:
    """What `take` makes of one sight of the view, as soon as the view has what is asked for.

    What is read `beside` it must have come as far as the view has.
    """
    question = _Question(platform, view, asked, take, pinned, beside)
    deadline, pause = time.monotonic() + asked.wait, FIRST_PAUSE
    while True:
        found = await run_in_threadpool(question.attempt)
        if not isinstance(found, NotCaughtUp):
            return found
        left = deadline - time.monotonic()
        if left <= 0:
            late = found._asdict()
            late["lag_events"] = found.wanted - found.position
            raise Problem("not-yet", headers=problems.RETRY, **late)
        await asyncio.sleep(min(pause, left))
        pause = min(pause * 1.5, LONGEST_PAUSE)


class _Question:
    def __init__(
        self,
        platform: Platform,
        view: Projection,
        asked: ReadQuery,
        take: Callable[[ReadContext], dict[str, Any]],
        pinned: int | None,
        beside: Sequence[Projection],
    ) -> None:
        self.platform, self.view, self.asked, self.take = platform, view, asked, take
        self.pinned, self.beside = pinned, beside
        self.granted = GRANTED.get()
        self.as_of: AsOf | None = None

    def attempt(self) -> dict[str, Any] | NotCaughtUp:
        with snapshot(self.platform.database) as connection:
            views = [self.view, *self.beside]
            found = view_status.statuses(connection, views, self.platform.store.log)
            stands = found[self.view.name]
            self._agree(connection, stands.generation)
            freshness = _freshness(self.platform, connection, [stands.position])[stands.position]
            # Once: while others write, "now" would run away from the view for ever.
            self.as_of = self.as_of or self._as_of(connection)
            wanted = max(self.asked.min_position, self.as_of.position or 0)
            if freshness.position < wanted:
                return NotCaughtUp(freshness.position, wanted, freshness.lag_seconds)
            known = [found[one.name].position for one in self.beside]
            if any(position < (self.as_of.position or freshness.position) for position in known):
                least = min(known)
                return NotCaughtUp(least, freshness.position, freshness.lag_seconds)
            states = self.as_of
            if states.now and any(position > freshness.position for position in known):
                states = AsOf(freshness.position)
            today = self._today(connection)
            content = self.take(
                ReadContext(connection, freshness, self.as_of, today, self.granted, states)
            )
            return {**content, "freshness": freshness.content(self.as_of)}

    def _agree(self, connection: Connection, number: int) -> None:
        """Answer nothing by other days than those that the view was made by."""
        place = self.view.name, number
        if place not in self.platform.agreed:
            try:
                zones.check(connection, dict([place]))
            except zones.OtherZone as error:
                raise Problem("unavailable", (str(error), error.zh)) from error
            self.platform.agreed.add(place)

    def _as_of(self, connection: Connection) -> AsOf:
        asked, position, happened = self.asked.as_of, self.pinned, None
        if isinstance(asked, int):
            position = asked
        elif asked is not None:
            happened = micros(asked)
        if self.asked.known_at is not None:
            known = self.platform.store.known_at(connection, micros(self.asked.known_at))
            position = known if position is None else min(known, position)
        return AsOf(position, happened)

    def _today(self, connection: Connection) -> int:
        """The business day of the moment that was asked for, and never one to come."""
        now = self.platform.database.clock.now()
        asked, known = self.asked.as_of, self.asked.known_at
        if isinstance(asked, int):
            events = self.platform.store.at(connection, [asked])
            return day_of(events[0].recorded_at if events else now)
        moments = [micros(moment) for moment in (asked, known) if moment is not None]
        return day_of(min([now, *moments]))
