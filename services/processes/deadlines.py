"""What each process is to ask later: rows that follow from the log, and can be made from it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    Select,
    Table,
    Text,
    delete,
    func,
    literal,
    select,
    tuple_,
    update,
)

from infra import bulk
from infra.clock import iso, micros
from infra.events import Recorded
from infra.pg_text import quoted
from projections.engine.parking import portions
from services.processes import Cancel, Schedule
from services.processes.positions import metadata

pending = Table(
    "process_deadlines",
    metadata,
    Column("process", Text, primary_key=True),
    Column("log", Text, primary_key=True),
    Column("purpose", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("due", BigInteger, nullable=False),
    Column("command", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("number", Integer, nullable=False),
    Column("error", Text, nullable=False),
    Index("process_deadlines_due", "process", "log", "due", "position", "number"),
)
"""`position` and `number` name the event that scheduled it, and which of what was wanted it was.
`stream` is what the command is asked of. `error` tells why asking failed, and is else empty.
"""
COLUMNS = tuple(pending.columns)
NOTHING_ADDS = frozenset[str]()
MOST_COUNTED = 10_000


class Deadline(NamedTuple):
    process: str
    log: str
    purpose: str
    subject: str
    due: int
    command: str
    stream: str
    content: str
    position: int
    number: int
    error: str = ""

    @property
    def name(self) -> tuple[str, str]:
        return self.purpose, self.subject


class DeadlineChange(NamedTuple):
    """What an event makes of a deadline; it was the `number`th thing wanted because of it."""

    event: Recorded
    number: int
    what: Schedule | Cancel

    @property
    def name(self) -> tuple[str, str]:
        return self.what.purpose, self.what.subject


class DeadlineChanges:
    """The changes of a step, in their order, as few writes as can be."""

    def __init__(self, process: str, log: str) -> None:
        self.process, self.log = process, log
        self.last: dict[tuple[str, str], Deadline | None] = {}
        """What is scheduled of each purpose and subject in the end; None where it is forgotten."""
        self.cancelled: list[tuple[str, str, int]] = []
        """Purpose, subject and position of deadlines from before the step that are forgotten."""

    def add(self, changes: Iterable[DeadlineChange]) -> "DeadlineChanges":
        for one in changes:
            if isinstance(one.what, Schedule):
                self.last[one.name] = self._row(one, one.what)
            elif one.what.scheduled_by is None:
                self.last[one.name] = None
            else:
                self._forget(one.name, one.what.scheduled_by)
        return self

    def _forget(self, name: tuple[str, str], position: int) -> None:
        if name not in self.last:
            self.cancelled.append((*name, position))
        elif (row := self.last[name]) is not None and row.position == position:
            self.last[name] = None

    def _row(self, change: DeadlineChange, what: Schedule) -> Deadline:
        command = what.command
        return Deadline(
            self.process,
            self.log,
            what.purpose,
            what.subject,
            micros(what.at),
            command.slug(),
            command.stream,
            command.model_dump_json(exclude_unset=True),
            change.event.position,
            change.number,
        )

    def compact(self) -> None:
        """Drop what is forgotten, where there is nothing in the database to delete."""
        self.last = {name: row for name, row in self.last.items() if row is not None}
        self.cancelled.clear()

    def write(self, connection: Connection) -> None:
        mine = _of(self.process, self.log)
        by_event = tuple_(pending.c.purpose, pending.c.subject, pending.c.position)
        for few in portions(self.cancelled):
            connection.execute(delete(pending).where(*mine, by_event.in_(few)))
        gone = [name for name, row in self.last.items() if row is None]
        for some in portions(gone):
            connection.execute(delete(pending).where(*mine, _name().in_(some)))
        rows = [row for row in self.last.values() if row is not None]
        bulk.upsert(connection, pending, rows, NOTHING_ADDS)

    def without_overtaken(self, connection: Connection) -> "DeadlineChanges":
        """Leave out what a later event has scheduled otherwise: these changes come late."""
        for some in portions(list(self.last)):
            query = select(pending.c.purpose, pending.c.subject, pending.c.position)
            mine = *_of(self.process, self.log), _name().in_(some)
            for purpose, subject, position in connection.execute(query.where(*mine)):
                row = self.last[purpose, subject]
                if row is not None and row.position < position:
                    del self.last[purpose, subject]
        return self


def due(connection: Connection, process: str, log: str, now: int, limit: int) -> list[Deadline]:
    """Those that are due, in the order of their instants; not those that failed."""
    query = due_query(process, log, now, limit)
    return [Deadline(*row) for row in connection.execute(query)]


def due_query(process: str, log: str, now: int, limit: int) -> Select[Any]:
    """It looks at no row that is not due, however many there are."""
    column = pending.c
    return (
        select(*COLUMNS)
        .where(*_of(process, log), column.due <= now, column.error == "")
        .order_by(column.due, column.position, column.number)
        .limit(limit)
    )


def latest(
    connection: Connection, process: str, log: str, purpose: str, streams: Sequence[str], now: int
) -> dict[str, int]:
    """By stream, the last instant at which something is due of it for that purpose."""
    column = pending.c
    mine = *_of(process, log), column.purpose == purpose, column.due <= now
    query = select(column.stream, func.max(column.due)).where(*mine, column.stream.in_(streams))
    return {row[0]: row[1] for row in connection.execute(query.group_by(column.stream))}


def settle(connection: Connection, process: str, log: str, rows: Sequence[Deadline]) -> None:
    """Delete what was asked, but for what has been scheduled anew meanwhile."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        bulk.later(connection, settle_postgres(process, log, rows))
    else:
        asked = [(process, log, *row.name, row.due, row.position) for row in rows]
        connection.exec_driver_sql(SETTLE_SQLITE, asked)


def settle_postgres(process: str, log: str, rows: Sequence[Deadline]) -> str:
    """The statement: its range says nothing that the rows do not, but lets the index of what is
    due find them, however many are pending.
    """
    places = [(row.due, row.position, row.number) for row in rows]
    first, last = min(places), max(places)
    names = quoted(process), quoted(log)
    statement = SETTLE_POSTGRES.format(*names, first, last, first[0], last[0])
    return bulk.with_values(statement, [(*row.name, row.due, row.position) for row in rows])


SETTLE_SQLITE = (
    "DELETE FROM process_deadlines"
    " WHERE process=? AND log=? AND purpose=? AND subject=? AND due=? AND position=?"
)
SETTLE_POSTGRES = (
    "DELETE FROM process_deadlines AS t USING (VALUES %s) AS v (purpose, subject, due, position)"
    " WHERE t.process={} AND t.log={}"
    " AND (t.due, t.position, t.number)>={} AND (t.due, t.position, t.number)<={}"
    " AND t.due BETWEEN {} AND {}"
    " AND t.purpose=v.purpose AND t.subject=v.subject"
    " AND t.due=v.due AND t.position=v.position"
)


def fail(connection: Connection, row: Deadline, error: str) -> None:
    """Keep why it could not be asked; it is passed over until it is tried again."""
    same = pending.c.purpose == row.purpose, pending.c.subject == row.subject
    mine = *_of(row.process, row.log), *same, pending.c.due == row.due
    connection.execute(update(pending).where(*mine).values(error=error))


def retry(connection: Connection, process: str, log: str) -> None:
    """Let those that failed be asked again."""
    mine = *_of(process, log), pending.c.error != ""
    connection.execute(update(pending).where(*mine).values(error=""))


def replace(connection: Connection, process: str, log: str, rows: Iterable[Deadline]) -> None:
    """Put these in place of all that the process has."""
    connection.execute(delete(pending).where(*_of(process, log)))
    bulk.upsert(connection, pending, list(rows), NOTHING_ADDS)


def every(connection: Connection, process: str, log: str) -> Iterator[Deadline]:
    query = select(*COLUMNS).where(*_of(process, log)).order_by(pending.c.due)
    for row in connection.execute(query):
        yield Deadline(*row)


class DeadlineFilter(NamedTuple):
    """Which deadlines: of these processes, for any of the purposes, about any of the streams."""

    processes: Sequence[str]
    purposes: Sequence[str] = ()
    streams: Sequence[str] = ()
    due_before: int | None = None

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        column = pending.c
        for of, names in ((column.purpose, self.purposes), (column.stream, self.streams)):
            if names:
                yield of.in_(names)
        if self.due_before is not None:
            yield column.due < self.due_before


Place = tuple[int, str, str, str]
"""Where a deadline stands in the list of all: by its instant, process, purpose and subject."""
BEGINNING: Place = (-1, "", "", "")


def place(row: Deadline) -> Place:
    return row.due, row.process, row.purpose, row.subject


def page(
    connection: Connection, log: str, wanted: DeadlineFilter, after: Place, limit: int
) -> list[Deadline]:
    """Those behind a place, in the order of their instants: each process has its index."""
    column = pending.c
    order = column.due, column.process, column.purpose, column.subject
    query = select(*COLUMNS).where(column.due >= after[0], tuple_(*order) > tuple_(*after))
    query = query.where(*wanted.conditions()).order_by(*order).limit(limit)
    found = [
        Deadline(*row)
        for process in wanted.processes
        for row in connection.execute(query.where(*_of(process, log)))
    ]
    return sorted(found, key=place)[:limit]


class DeadlineCounts(NamedTuple):
    """How many wait, how many of them are due, how many failed, and the first instant of all.

    Beyond `MOST_COUNTED` nobody counts on: a look at the status is no walk through a million rows.
    """

    pending: int
    due: int
    failed: int
    first: int | None


def counts(connection: Connection, process: str, log: str, now: int) -> DeadlineCounts:
    column, mine = pending.c, _of(process, log)

    def counted(*conditions: ColumnElement[bool]) -> int:
        some = select(literal(1)).where(*mine, *conditions).limit(MOST_COUNTED).subquery()
        found: int = connection.execute(select(func.count()).select_from(some)).scalar_one()
        return found

    first = connection.execute(select(func.min(column.due)).where(*mine)).scalar_one()
    late = column.due <= now
    return DeadlineCounts(counted(), counted(late), counted(late, column.error != ""), first)


def shown(row: Deadline) -> dict[str, Any]:
    """As people and programs see it."""
    return {
        "due": iso(row.due),
        "process": row.process,
        "purpose": row.purpose,
        "subject": row.subject,
        "about": row.stream,
        "command": row.command,
        "scheduled_by": row.position,
        "error": row.error or None,
    }


def _name() -> ColumnElement[Any]:
    return tuple_(pending.c.purpose, pending.c.subject)


def _of(process: str, log: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return pending.c.process == process, pending.c.log == log
