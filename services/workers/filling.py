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
from sqlalchemy.exc import DataError

from aggregates import calendar
from infra import bulk, cloudevents, pg_text
from infra.broker import Broker, Partition, PartitionReader
from infra.codec import Codec, Upcaster
from infra.database import Database
from infra.events import EventSlice
from infra.store import Store
from projections.engine import Change, EventHeader, View, building, day_of, progress
from projections.engine.building import BuildPart
from projections.engine.progress import LOG
from services.workers.errors import BEHIND, describe

CHUNK = 40_000
"""Records of a partition that are filled in by one transaction."""
LOT = 300
"""Events that are read, applied and spelt before the next: so few stay near the processor, which
takes a tenth off the time; with fewer, polls of Kafka add up.
"""
SEEN = ",".join(EventSlice.__struct_fields__[:-1])
PAGE = (
    f"SELECT {SEEN}, {{data}} FROM log_events"  # noqa: S608
    " WHERE position > %s AND position <= %s ORDER BY position"
)
TEXT = "convert_from(data, 'UTF8')"
"""JSON as it is: in hexadecimal it is twice as long, and takes twice the time."""
Place = tuple[str, str]
"""Where an event stands, as COPY reads it: what comes before the line's number, and after it."""


class ViewBuild(NamedTuple):
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
    orders: Mapping[str, ViewBuild]
    goal: int
    broker: Broker | None
    zone: str = calendar.DEFAULT


class Filled(NamedTuple):
    """How far the part is; `lacking` is a position that waits for records before it."""

    part: BuildPart
    lacking: int = 0


class LedgerBuffer:
    """What one part adds to one view: the ledger's rows, and the events that could not be read.

    Rows are spelt by a template, a lot at a time. Where a text turns out to need an escape the
    lot is spelt once more, value by value.
    """

    def __init__(self, order: ViewBuild, log: str) -> None:
        self.order, self.log = order, log
        self.ledger = order.view.tables(order.generation).ledger
        self.rows, self.skipped = order.view.changes, order.skipped
        self.change = "\t".join(["%s"] * len(order.view.change._fields)) + "\n"
        self.lot: list[tuple[EventHeader, list[Change]]] = []
        self.lines: list[str] = []
        self.texts: list[str] = []
        self.stopped: set[str] = set()
        self.failed: list[tuple[str, int, str, str, str]] = []

    def enter(self, told: EventHeader, event: Any, place: Place) -> None:
        if told.position in self.skipped:
            return
        if told.stream in self.stopped:
            self._park(told, BEHIND)
            return
        try:
            changes = [*self.rows(told, event)]
        except Exception as error:  # noqa: BLE001 - the poison is parked, the others flow
            self.stop(told, error)
            return
        before, after = place
        self.lot.append((told, changes))
        for line, change in enumerate(changes):
            self.lines.append(f"{before}{line}{after}{self.change % change}")

    def stop(self, told: EventHeader, error: Exception) -> None:
        """It cannot be read, so what follows in its stream waits behind it."""
        if told.position not in self.skipped:
            self._park(told, BEHIND if told.stream in self.stopped else describe(error))
            self.stopped.add(told.stream)

    def _park(self, told: EventHeader, why: str) -> None:
        self.failed.append((self.log, told.position, told.stream, told.type, why))

    def end_lot(self) -> None:
        text = "".join(self.lines)
        if not pg_text.is_literal_row(text, len(self.lines), len(self.ledger.columns)):
            text = pg_text.copy_lines(self.ledger, [*self._values()])
        self.texts.append(text)
        self.lot.clear()
        self.lines.clear()

    def _values(self) -> Iterator[tuple[Any, ...]]:
        for told, changes in self.lot:
            happened = told.occurred_at
            place = told.stream, told.type, happened, told.recorded_at, day_of(happened)
            for line, change in enumerate(changes):
                yield self.log, told.position, line, *place, *change

    def write(self, connection: Connection, now: int) -> None:
        view, number = self.order.view, self.order.generation
        bulk.send(connection, self.ledger, "".join(self.texts))
        progress.park(connection, view.name, number, self.failed, now)


class Filler:
    """Fills parts, one after another, in a process of its own."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.codec = Codec(work.known, work.upcasters)
        self.database = Database(work.url, pool=2)
        self.store = Store(self.database, work.log)
        self.tail: PartitionReader | None = None if work.broker is None else work.broker.tail()

    def fill(self, part: BuildPart, views: Sequence[str]) -> Filled:
        """Fill what comes next of a part into those views."""
        sheets = [LedgerBuffer(self.work.orders[name], self.work.log) for name in views]
        after = self._read(part, sheets)
        with self.database.write() as connection:
            numbers = {sheet.order.view.name: sheet.order.generation for sheet in sheets}
            reached, position = after.part.reached, after.part.position
            bulk.run(connection, building.SWIFT)
            if building.take(connection, numbers, part, reached, position):
                now = self.database.now(connection)
                for sheet in sheets:
                    sheet.write(connection, now)
        return after

    def _read(self, part: BuildPart, sheets: Sequence[LedgerBuffer]) -> Filled:
        if part.source != LOG:
            return self._consume(part, sheets)
        with self.database.read() as connection:
            for rows in self._lots(connection, part):
                self._enter([EventSlice(*row) for row in rows], sheets)
        return Filled(part._replace(reached=part.last, position=part.last))

    def _lots(self, connection: Connection, part: BuildPart) -> Iterator[Sequence[Any]]:
        asked = part.first, part.last
        try:
            yield from bulk.lots(connection, PAGE.format(data=TEXT), asked, LOT)
        except DataError:  # something in it is no text at all
            connection.rollback()
            yield from bulk.lots(connection, PAGE.format(data="data"), asked, LOT)

    def _consume(self, part: BuildPart, sheets: Sequence[LedgerBuffer]) -> Filled:
        """The next records of a partition, each once: what is doubled, or before a hole, is not
        taken, as a projector does.
        """
        end = min(part.reached + CHUNK, part.last)
        at, lacking = part.position, 0
        for start in range(part.reached, end, LOT):
            lot = []
            for got in self._received(part.source, start, min(start + LOT, end)):
                position = got.event.position
                if not at < position <= self.work.goal:
                    continue
                if got.previous > at:
                    lacking = position
                    continue
                lot.append(got.event)
                at = position
            self._enter(lot, sheets)
        return Filled(part._replace(reached=end, position=at), lacking)

    def _received(self, source: Partition, start: int, end: int) -> Iterator[cloudevents.Received]:
        assert self.tail is not None, "a part of a partition, but no broker to read it from"
        return cloudevents.of_log(self.tail.read(source, start, end), self.work.log)

    def _enter(self, lot: Iterable[EventHeader], sheets: Sequence[LedgerBuffer]) -> None:
        hearing: Mapping[str, list[LedgerBuffer]] = defaultdict(list)
        for sheet in sheets:
            for kind in sheet.order.view.kinds:
                hearing[kind].append(sheet)
        for told in lot:
            if heard_by := hearing.get(told.kind):
                self._tell(told, heard_by)
        for sheet in sheets:
            sheet.end_lot()

    def _tell(self, told: EventHeader, heard_by: Sequence[LedgerBuffer]) -> None:
        try:
            event = self.codec.decode(told.type, told.schema, told.data)
        except Exception as error:  # noqa: BLE001 - whatever it is, its stream is parked
            for sheet in heard_by:
                sheet.stop(told, error)
            return
        at, happened = told.position, told.occurred_at
        clocks = f"{happened}\t{told.recorded_at}\t{day_of(happened)}"
        place = f"{self.work.log}\t{at}\t", f"\t{told.stream}\t{told.type}\t{clocks}\t"
        for sheet in heard_by:
            sheet.enter(told, event, place)


_filler: list[Filler] = []


def begin(work: Work) -> None:
    """Make this process ready; it ends with the one that started it, killed or not."""
    calendar.use(work.zone)
    gc.disable()  # what a part makes is freed by counting, and lies in no cycles
    end_with_parent()
    _filler[:] = [Filler(work)]


def end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def fill(part: BuildPart, views: Sequence[str]) -> Filled:
    return _filler[0].fill(part, views)
