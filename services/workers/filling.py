"""A part of a source into ledgers without indexes: all of it or nothing, and once."""

import gc
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from multiprocessing import parent_process
from multiprocessing.connection import wait
from threading import Thread
from typing import Any, NamedTuple

from sqlalchemy import Connection
from sqlalchemy.exc import DataError

from infra import bulk, cloudevents, spelling, tables
from infra.broker import Broker, Tail
from infra.codec import Codec, Upcaster
from infra.database import Database
from infra.events import Recorded
from infra.store import Store
from projections import Change, View, building, day_of, progress
from projections.building import Part
from projections.progress import LOG
from services.workers.project import BEHIND, said

CHUNK = 40_000
"""Records of a partition that are filled in by one transaction."""
UNSEEN = frozenset({"id", "incarnation", "digest"})
"""What names an event elsewhere, and what proves it: no view shows it, and reading takes time."""
SEEN = ("''" if c.name in UNSEEN else c.name for c in tables.events.columns if c.name != "data")
PAGE = (
    f"SELECT {','.join(SEEN)}, {{data}} FROM log_events"  # noqa: S608
    " WHERE position > %s AND position <= %s ORDER BY position"
)
TEXT = "convert_from(data, 'UTF8')"
"""JSON as it is: in hexadecimal it is twice as long, and takes twice the time."""
Place = tuple[str, str]
"""Where an event stands, as COPY reads it: what comes before the line's number, and after it."""


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
    """What one part adds to one view: the ledger's rows, and the events that could not be read.

    Rows are spelt by a template. Where a text turns out to need an escape they are made once
    more, `by_value`.
    """

    def __init__(self, order: Order, log: str, *, by_value: bool = False) -> None:
        self.order, self.log, self.by_value = order, log, by_value
        self.ledger = order.view.tables(order.generation).ledger
        self.rows, self.skipped = order.view.rows, order.skipped
        self.change = "\t".join(["%s"] * len(order.view.change._fields)) + "\n"
        self.lines: list[str] = []
        self.values: list[tuple[Any, ...]] = []
        self.stopped: set[str] = set()
        self.failed: list[tuple[str, int, str, str, str]] = []

    def enter(self, recorded: Recorded, event: Any, place: Place) -> None:
        if recorded.position in self.skipped:
            return
        if recorded.stream in self.stopped:
            self._park(recorded, BEHIND)
            return
        try:
            changes = [*self.rows(recorded, event)]
        except Exception as error:  # noqa: BLE001 - the poison is parked, the others flow
            self.stop(recorded, error)
            return
        if self.by_value:
            self._value(recorded, changes)
            return
        before, after = place
        for line, change in enumerate(changes):
            self.lines.append(f"{before}{line}{after}{self.change % change}")

    def stop(self, recorded: Recorded, error: Exception) -> None:
        """It cannot be read, so what follows in its stream waits behind it."""
        if recorded.position not in self.skipped:
            self._park(recorded, BEHIND if recorded.stream in self.stopped else said(error))
            self.stopped.add(recorded.stream)

    def _value(self, recorded: Recorded, changes: list[Change]) -> None:
        stream, type_name, happened = recorded.stream, recorded.type, recorded.occurred_at
        place = stream, type_name, happened, recorded.recorded_at, day_of(happened)
        for line, change in enumerate(changes):
            self.values.append((self.log, recorded.position, line, *place, *change))

    def _park(self, recorded: Recorded, why: str) -> None:
        row = self.log, recorded.position, recorded.stream, recorded.type, why
        self.failed.append(row)

    @cached_property
    def text(self) -> str:
        return "".join(self.lines)

    @property
    def plain(self) -> bool:
        return spelling.is_plain(self.text, len(self.lines), len(self.ledger.columns))

    def write(self, connection: Connection, now: int) -> None:
        view, number = self.order.view, self.order.generation
        bulk.send(connection, self.ledger, self.text)
        bulk.insert(connection, self.ledger, self.values)
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
        if not all(sheet.plain for sheet in sheets):
            sheets = self.sheets(orders, events, by_value=True)
        with self.database.write() as connection:
            numbers = {order.view.name: order.generation for order in orders}
            reached, position = after.part.reached, after.part.position
            bulk.run(connection, building.SWIFT)
            if building.take(connection, numbers, part, reached, position):
                now = self.database.now(connection)
                for sheet in sheets:
                    sheet.write(connection, now)
        return after

    def _read(self, part: Part) -> tuple[list[Recorded], Filled]:
        if part.source != LOG:
            return self._consume(part)
        try:
            events = [_event(row, row[-1].encode()) for row in self._page(part, TEXT)]
        except DataError:  # something in it is no text at all
            events = [_event(row, bytes(row[-1])) for row in self._page(part, "data")]
        return events, Filled(part._replace(reached=part.last, position=part.last))

    def _page(self, part: Part, data: str) -> Sequence[Any]:
        with self.database.read() as connection:
            page = PAGE.format(data=data)
            return bulk.fetch(connection, page, (part.first, part.last))

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
        records = self.tail.read(part.source, part.reached, end)
        return cloudevents.of_log(records, self.work.log)

    def sheets(
        self, orders: Sequence[Order], events: Iterable[Recorded], *, by_value: bool = False
    ) -> list[Sheet]:
        sheets = [Sheet(order, self.work.log, by_value=by_value) for order in orders]
        hearing: Mapping[str, list[Sheet]] = defaultdict(list)
        for sheet in sheets:
            for kind in sheet.order.view.kinds:
                hearing[kind].append(sheet)
        for recorded in events:
            if heard_by := hearing.get(recorded.kind):
                self._enter(recorded, heard_by)
        return sheets

    def _enter(self, recorded: Recorded, heard_by: Sequence[Sheet]) -> None:
        try:
            event = self.codec.decode(recorded.type, recorded.schema, recorded.data)
        except Exception as error:  # noqa: BLE001 - whatever it is, its stream is parked
            for sheet in heard_by:
                sheet.stop(recorded, error)
            return
        at, happened = recorded.position, recorded.occurred_at
        clocks = f"{happened}\t{recorded.recorded_at}\t{day_of(happened)}"
        place = f"{self.work.log}\t{at}\t", f"\t{recorded.stream}\t{recorded.type}\t{clocks}\t"
        for sheet in heard_by:
            sheet.enter(recorded, event, place)


def _event(row: Any, data: bytes) -> Recorded:
    return Recorded(*(*row[:-1], data))


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
