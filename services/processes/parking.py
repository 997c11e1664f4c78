"""What a process could not react to, kept in its order until it is reacted to or skipped."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Column, Connection, Table, Text, delete, func, select, update

from infra import bulk
from projections.engine.parking import WaitingEvent, portions
from services.processes.positions import metadata

parked = Table(
    "process_parked",
    metadata,
    Column("process", Text, primary_key=True),
    Column("log", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("stream", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("error", Text, nullable=False),
    Column("parked_at", BigInteger, nullable=False),
)


class Stream(NamedTuple):
    """A parked stream: how many events wait, and of the first where it stands and why."""

    process: str
    log: str
    stream: str
    events: int
    position: int
    error: str
    parked_at: int


def streams(connection: Connection, process: str, log: str) -> frozenset[str]:
    query = select(parked.c.stream).where(*_of(process, log)).distinct()
    return frozenset(connection.execute(query).scalars())


def summary(connection: Connection, processes: Sequence[str], log: str) -> list[Stream]:
    """Every stream that is parked for one of these processes."""
    column = parked.c
    by = column.process, column.log, column.stream
    first = (
        select(*by, func.count().label("events"), func.min(column.position).label("first"))
        .where(column.process.in_(processes), column.log == log)
        .group_by(*by)
        .subquery()
    )
    query = (
        select(*first.c, column.error, column.parked_at)
        .join(
            parked,
            (column.process == first.c.process)
            & (column.log == first.c.log)
            & (column.position == first.c.first),
        )
        .order_by(first.c.process, first.c.first)
    )
    rows: Sequence[Any] = connection.execute(query).all()
    return [Stream(*row) for row in rows]


def waiting(
    connection: Connection,
    process: str,
    log: str,
    stream: str,
    after: int = 0,
    limit: int | None = None,
) -> list[WaitingEvent]:
    """The events of a stream that wait, in the order of the log."""
    column = parked.c
    query = select(column.position, column.type, column.error, column.parked_at)
    mine = *_of(process, log), column.stream == stream, column.position > after
    found = query.where(*mine).order_by(column.position).limit(limit)
    return [WaitingEvent(*row) for row in connection.execute(found)]


def park(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Keep events; what is parked already stays as it is."""
    if found := list(rows):
        statement = bulk.dialect_insert(connection, parked).on_conflict_do_nothing()
        connection.execute(statement, found)


def leave(connection: Connection, process: str, log: str, positions: Iterable[int]) -> None:
    """Forget that these wait."""
    for few in portions(sorted(positions)):
        connection.execute(delete(parked).where(*_of(process, log), parked.c.position.in_(few)))


def tell(connection: Connection, process: str, log: str, errors: Mapping[int, str]) -> None:
    """Say anew why each of these waits."""
    for position, error in errors.items():
        mine = *_of(process, log), parked.c.position == position
        connection.execute(update(parked).where(*mine).values(error=error))


def _of(process: str, log: str) -> tuple[Any, Any]:
    return parked.c.process == process, parked.c.log == log
