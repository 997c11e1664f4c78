"""Records and mentions from the log in bulk, by as many processes as there are cores."""

import gc
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from multiprocessing import get_context
from typing import NamedTuple

from sqlalchemy import Connection

from aggregates import calendar
from infra import bulk, tables
from infra.codec import Codec, Upcaster
from infra.database import Database, unwritable
from infra.events import Recorded
from infra.store import Store
from projections.engine import DecodedEvent, building, by_stream, generations, progress
from projections.engine.building import Step
from projections.engine.by_stream import BY_STREAM, ByStream, StreamPart
from services.workers import filling
from services.workers.building import LONG, Report, alone, flush, told
from services.workers.errors import BEHIND, describe, read

LOT = 2_000
"""Events, and those that follow in the stream of the last, that are folded before the next."""
NAMES = ",".join(column.name for column in tables.events.columns)
PAGE = (
    f"SELECT {NAMES} FROM log_events WHERE stream >= %s AND (stream < %s OR %s)"  # noqa: S608
    " AND position <= %s ORDER BY stream, version"
)


class StreamBuild(NamedTuple):
    """A generation that is wanted of a record or of mentions, without what is skipped."""

    view: ByStream
    generation: int
    skipped: frozenset[int] = frozenset()


class StreamWork(NamedTuple):
    """What a process must know: read models by their names, which it knows itself."""

    url: str
    log: str
    known: Mapping[str, type]
    upcasters: Mapping[tuple[str, int], Upcaster]
    generations: Mapping[str, tuple[int, frozenset[int]]]
    goal: int
    zone: str


@dataclass(frozen=True)
class StreamFiller:
    """Fills parts, one after another: all of a stream at once, so nothing is read back."""

    store: Store
    codec: Codec
    orders: Mapping[str, StreamBuild]
    goal: int

    def fill(self, part: StreamPart) -> int:
        """Answers how many events it took."""
        view, number, _ = self.orders[part.view]
        taken, parked = 0, list[tuple[str, int, str, str, str]]()
        with self.store.database.write() as connection:
            building.allow(connection)
            for lot in self._lots(part):
                failed = view.build(connection, number, lot)
                parked += _as_parked(failed)
                taken += len(lot)
            progress.park(
                connection, view.name, number, parked, self.store.database.now(connection)
            )
        return taken

    def _lots(self, part: StreamPart) -> Iterator[list[DecodedEvent]]:
        lot = list[DecodedEvent]()
        with self.store.database.read() as connection:
            building.allow(connection)  # it waits while what it has read is folded
            for _, events in groupby(self._events(connection, part), lambda one: one.stream):
                lot += [DecodedEvent(self.store.log, one, read(self.codec, one)) for one in events]
                if len(lot) >= LOT:
                    yield lot
                    lot = []
        if lot:
            yield lot

    def _events(self, connection: Connection, part: StreamPart) -> Iterator[Recorded]:
        view, _, skipped = self.orders[part.view]
        asked = part.first, part.end or "", part.end is None, self.goal
        for rows in bulk.lots(connection, PAGE, asked, LOT):
            for *row, digest, data in rows:
                one = Recorded(*(*row, bytes(digest), bytes(data)))
                if one.kind in view.kinds and one.position not in skipped:
                    yield one


def _as_parked(
    failed: Sequence[tuple[DecodedEvent, Exception]],
) -> Iterator[tuple[str, int, str, str, str]]:
    """The first of each stream says why; the others wait behind it."""
    stopped = set[str]()
    for heard, error in failed:
        one = heard.recorded
        why = BEHIND if one.stream in stopped else describe(error)
        stopped.add(one.stream)
        yield heard.log, one.position, one.stream, one.type, why


@dataclass(frozen=True)
class StreamBuilder:
    """Makes what is ordered of records and mentions; short histories are left to whoever asked."""

    store: Store
    codec: Codec
    orders: Sequence[StreamBuild]
    cores: int = 0

    def run(self, goal: int, report: Report) -> None:
        if self.store.database.sqlite:
            return
        with alone(self.store, [order.view.name for order in self.orders]) as connection:
            orders = {order.view.name: order for order in self.orders if self._is_due(order, goal)}
            if not orders:
                return
            try:
                self._make(orders, goal, report)
                flush(connection)
                self._each(orders, goal)
            except Exception as error:
                if not unwritable(error):
                    raise
                self._give_up(orders, error)

    def _is_due(self, order: StreamBuild, goal: int) -> bool:
        name, number = order.view.name, order.generation
        with self.store.database.read() as connection:
            if building.begun(connection, name, number):
                return False
            return goal >= LONG or by_stream.is_left(connection, name, number)

    def _make(self, orders: Mapping[str, StreamBuild], goal: int, report: Report) -> None:
        parts = list[StreamPart]()
        for order in orders.values():
            with self.store.database.write() as connection:
                parts += by_stream.plan(connection, order.view, order.generation, goal)
        done = 0
        report(done, len(parts))
        for _ in self._filled(orders, parts, goal):
            done += 1
            report(done, len(parts))
        with ThreadPoolExecutor(self._processes()) as pool:
            steps = [s for o in orders.values() for s in by_stream.indexes(o.view, o.generation)]
            for _ in pool.map(self._step, steps):
                pass

    def _filled(
        self, orders: Mapping[str, StreamBuild], parts: Sequence[StreamPart], goal: int
    ) -> Iterator[int]:
        known = _known()
        if not parts or any(known.get(name) is not one.view for name, one in orders.items()):
            yield from map(StreamFiller(self.store, self.codec, orders, goal).fill, parts)
            return
        work = self._work(orders, goal)
        processes, context = min(self._processes(), len(parts)), get_context("forkserver")
        with ProcessPoolExecutor(processes, context, begin, (work,)) as pool:
            yield from pool.map(fill, parts)

    def _work(self, orders: Mapping[str, StreamBuild], goal: int) -> StreamWork:
        url = self.store.database.url.render_as_string(hide_password=False)
        numbers = {name: (one.generation, one.skipped) for name, one in orders.items()}
        known = self.codec.known, self.codec.upcasters
        return StreamWork(url, self.store.log, *known, numbers, goal, calendar.zone())

    def _each(self, orders: Mapping[str, StreamBuild], goal: int) -> None:
        for view, number, _ in orders.values():
            with self.store.database.write() as connection:
                by_stream.seal(connection, view, number, self.store.log, goal)

    def _give_up(self, orders: Mapping[str, StreamBuild], error: Exception) -> None:
        """What cannot be written is found out, and parked, by whoever asked."""
        told.warning("not made in bulk but batch by batch: %s", describe(error))
        with self.store.database.write() as connection:
            for view, number, _ in orders.values():
                generations.forget(connection, view, number)
                generations.make(connection, view, number)

    def _step(self, step: Step) -> None:
        with self.store.database.write() as connection:
            step(connection)

    def _processes(self) -> int:
        return self.cores or len(os.sched_getaffinity(0))


def _known() -> Mapping[str, ByStream]:
    from services.bootstrap import READ  # here: it knows everything

    return {one.name: one for one in READ if isinstance(one, BY_STREAM)}


_filler: list[StreamFiller] = []


def begin(work: StreamWork) -> None:
    """Make this process ready."""
    calendar.use(work.zone)
    gc.disable()
    filling.end_with_parent()
    known = _known()
    orders = {name: StreamBuild(known[name], *one) for name, one in work.generations.items()}
    store = Store(Database(work.url, pool=2), work.log)
    _filler[:] = [StreamFiller(store, Codec(work.known, work.upcasters), orders, work.goal)]


def fill(part: StreamPart) -> int:
    return _filler[0].fill(part)
