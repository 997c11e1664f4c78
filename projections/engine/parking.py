"""What a view could not read, kept in its order until it is let in or left out."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from infra.clock import iso
from projections.engine.generations import live
from projections.engine.progress import parked

T = TypeVar("T")
FEW = 5_000
"""Positions, or streams, that one statement names."""


class ParkedStreamKey(NamedTuple):
    """The parked events of one stream of one log, in one generation of a view."""

    view: str
    generation: int
    log: str
    stream: str


class WaitingEvent(NamedTuple):
    position: int
    type: str
    error: str
    parked_at: int


class ParkedSummary(NamedTuple):
    """A parked stream: how many events wait, and of the first where it stands and why."""

    view: str
    generation: int
    log: str
    stream: str
    events: int
    position: int
    error: str
    parked_at: int


def shown(row: Any) -> dict[str, Any]:
    """A row of what is parked as people and programs are shown it."""
    return {**row._asdict(), "parked_at": iso(row.parked_at)}


def streams(connection: Connection) -> list[ParkedSummary]:
    """Every stream that is parked in a generation that answers."""
    column = parked.c
    by = column.view, column.generation, column.log, column.stream
    count, least = func.count().label("events"), func.min(column.position).label("first")
    first = (
        select(*by, count, least)
        .join(live, (live.c.view == column.view) & (live.c.generation == column.generation))
        .group_by(*by)
        .subquery()
    )
    same = [first.c[one.name] == one for one in by]
    query = (
        select(*first.c, column.error, column.parked_at)
        .join(parked, (column.position == first.c.first) & same[0] & same[1] & same[2])
        .order_by(first.c.view, first.c.first)
    )
    rows: Sequence[Any] = connection.execute(query).all()
    return [ParkedSummary(*row) for row in rows]


def waiting(
    connection: Connection, bay: ParkedStreamKey, after: int = 0, limit: int | None = None
) -> list[WaitingEvent]:
    """The events that wait there, in the order of the log."""
    column = parked.c
    query = select(column.position, column.type, column.error, column.parked_at)
    found = query.where(*_in(bay), column.position > after).order_by(column.position).limit(limit)
    return [WaitingEvent(*row) for row in connection.execute(found)]


def leave(connection: Connection, bay: ParkedStreamKey, positions: Iterable[int]) -> None:
    """Forget that these wait."""
    for few in portions(sorted(positions)):
        connection.execute(delete(parked).where(*_in(bay), parked.c.position.in_(few)))


def tell(connection: Connection, bay: ParkedStreamKey, errors: dict[int, str]) -> None:
    """Say anew why each of these waits."""
    for position, error in errors.items():
        mine = update(parked).where(*_in(bay), parked.c.position == position)
        connection.execute(mine.values(error=error))


def portions(many: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(many), FEW):
        yield many[start : start + FEW]


def _in(bay: ParkedStreamKey) -> list[ColumnElement[Any]]:
    return [parked.c[name] == value for name, value in bay._asdict().items()]
