"""A part of a source into ledgers without indexes: all of it or nothing, and once."""

import gc
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from multiprocessing import parent_process
from multiprocessing.connection import wait
from threading import Thread
from typing import Any, NamedTuple

from sqlalchemy import Connection

from infra import bulk, cloudevents
from infra.broker import Broker, Tail
from infra.codec import Codec, Upcaster
from infra.database import Database
from infra.events import Recorded
from infra.store import Store
from projections import Change, View, building, day_of, progress
from projections.building import Part
from projections.progress import LOG
from services.workers.project import BEHIND, read, said

Line = tuple[Any, ...]
CHUNK = 40_000
"""Records of a partition that are filled in by one transaction."""


class Order(NamedTuple):
    """A generation that is wanted of a view, without what the log says is skipped."""

    view: View
    generation: int
    skipped: frozenset[int] = frozenset()


class Work(NamedTuple):
    """What a process must know to fill any part; records after the goal are left out."""

    url: str
    log: str
    known: Mapping[str, type[Any]]
    upcasters: Mapping[tuple[str, int], Upcaster]
    orders: Mapping[str, Order]
    goal: int
    broker: Broker | None


class Filled(NamedTuple):
    """How far the part is; `lacking` is a position that waits for records before it."""

    part: Part
    lacking: int = 0


class Sheet:
    """What one part adds to one view: the ledger's lines, and the events that could not be read."""

    def __init__(self, order: Order, log: str) -> None:
        self.order, self.log = order, log
        self.rows, self.skipped = order.view.rows, order.skipped
        self.lines: list[Line] = []
        self.stopped: set[str] = set()
        self.failed: list[tuple[str, int, str, str, str]] = []

    def enter(self, recorded: Recorded, event: Any, day: int) -> None:
        at, stream = recorded.position, recorded.stream
        if at in self.skipped:
            return
        if stream in self.stopped:
            self._park(recorded, BEHIND)
            return
        try:
            changes = self._changes(recorded, event)
        except Exception as error:  # noqa: BLE001 - the poison is parked, the others flow
            self.stopped.add(stream)
            self._park(recorded, said(error))
            return
        place = stream, recorded.type, recorded.occurred_at, recorded.recorded_at, day
        for line, change in enumerate(changes):
            self.lines.append((self.log, at, line, *place, *change))

    def _changes(self, recorded: Recorded, event: Any) -> list[Change]:
        if isinstance(event, Exception):
            raise event
        return list(self.rows(recorded, event))

    def _park(self, recorded: Recorded, why: str) -> None:
        row = self.log, recorded.position, recorded.stream, recorded.type, why
        self.failed.append(row)

    def write(self, connection: Connection, now: int) -> None:
        view, number = self.order.view, self.order.generation
        bulk.pour(connection, view.tables(number).ledger, self.lines)
        progress.park(connection, view.name, number, self.failed, now)


class Filler:
    """Fills parts, one after another, in a process of its own."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.codec = Codec(work.known, work.upcasters)
        self.database = Database(work.url, pool=2)
        self.store = Store(self.database, work.log)
        self.tail: Tail | None = None if work.broker is None else work.broker.tail()

    def fill(self, part: Part, views: Sequence[str]) -> Filled:
        """Fill what comes next of a part into those views."""
        events, after = self._read(part)
        orders = [self.work.orders[name] for name in views]
        sheets = self.sheets(orders, events)
        with self.database.write() as connection:
            numbers = {order.view.name: order.generation for order in orders}
            reached, position = after.part.reached, after.part.position
            if building.take(connection, numbers, part, reached, position):
                now = self.database.now(connection)
                for sheet in sheets:
                    sheet.write(connection, now)
        return after

    def _read(self, part: Part) -> tuple[list[Recorded], Filled]:
        if part.source != LOG:
            return self._consume(part)
        with self.database.read() as connection:
            events = self.store.read(connection, part.first, part.last - part.first, part.last)
        return events, Filled(part._replace(reached=part.last, position=part.last))

    def _consume(self, part: Part) -> tuple[list[Recorded], Filled]:
        """The next records of a partition, each once: what is doubled, or before a hole, is not
        taken, as a projector does.
        """
        end = min(part.reached + CHUNK, part.last)
        events, at, lacking = [], part.position, 0
        for got in self._received(part, end):
            position = got.event.position
            if not at < position <= self.work.goal:
                continue
            if got.previous > at:
                lacking = position
                continue
            events.append(got.event)
            at = position
        return events, Filled(part._replace(reached=end, position=at), lacking)

    def _received(self, part: Part, end: int) -> Iterator[cloudevents.Received]:
        assert self.tail is not None, "a part of a partition, but no broker to read it from"
        for record in self.tail.read(part.source, part.reached, end):
            try:
                got = cloudevents.received(record.key, record.value, record.headers)
            except cloudevents.NotOurs:
                continue
            if got.log == self.work.log:
                yield got

    def sheets(self, orders: Sequence[Order], events: Iterable[Recorded]) -> list[Sheet]:
        sheets = [Sheet(order, self.work.log) for order in orders]
        hearing: Mapping[str, list[Sheet]] = defaultdict(list)
        for sheet in sheets:
            for kind in sheet.order.view.kinds:
                hearing[kind].append(sheet)
        for recorded in events:
            if heard_by := hearing.get(recorded.kind):
                event, day = read(self.codec, recorded), day_of(recorded.occurred_at)
                for sheet in heard_by:
                    sheet.enter(recorded, event, day)
        return sheets


_filler: list[Filler] = []


def begin(work: Work) -> None:
    """Make this process ready; it ends with the one that started it, killed or not."""
    gc.disable()  # what a part makes is freed by counting, and lies in no cycles
    parent = parent_process()
    if parent is not None:
        Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    _filler[:] = [Filler(work)]


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def fill(part: Part, views: Sequence[str]) -> Filled:
    return _filler[0].fill(part, views)
