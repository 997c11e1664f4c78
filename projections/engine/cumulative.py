"""Cumulative rollups: all rollups before a block added up, so that a long past costs no more.

One is taken when about as much was rolled up since the last one as that one holds: keeping them
costs little more than keeping the rollups, and a read needs one of them and a few rollups.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    cast,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
    update,
)

from infra import bulk
from projections.engine import View
from projections.engine.progress import cumulated, rolled_up

FURTHEST = 16
"""Blocks between two of them at most."""
LAST = 2**62
"""No block is beyond it."""


class BlockRange(NamedTuple):
    """Blocks from one to the next, that before `end`; their rows are of no other days."""

    start: int
    end: int
    first_day: int
    last_day: int


def newest(
    connection: Connection,
    view: View,
    number: int,
    log: str,
    until: int,
    last_day: int | None = None,
) -> int:
    """The last one up to a block, of those with no later days since the one before."""
    column = cumulated.c
    query = select(func.max(column.block)).where(*_of(view, number, log), column.block <= until)
    if last_day is not None:
        query = query.where(column.last_day <= last_day)
    return int(connection.execute(query).scalar_one() or 0)


def ranges(
    connection: Connection, view: View, number: int, log: str, *where: ColumnElement[bool]
) -> list[BlockRange]:
    """What lies between cumulative rollups, in order."""
    column = cumulated.c
    names = column.start, column.block, column.first_day, column.last_day
    query = select(*names).where(*_of(view, number, log), *where).order_by(column.block)
    return [BlockRange(*row) for row in connection.execute(query)]


def extend(connection: Connection, view: View, number: int, log: str) -> bool:
    """Take the next one, if there is enough for one; raises where another worker took it."""
    start = newest(connection, view, number, log, LAST)
    range_ = _next(connection, view, number, log, start)
    if range_ is None:
        return False
    row = (view.name, number, log, range_.end, start, range_.first_day, range_.last_day)
    connection.execute(insert(cumulated).values(row))
    _add_up(connection, view, number, log, range_)
    return True


def _next(
    connection: Connection, view: View, number: int, log: str, start: int
) -> BlockRange | None:
    """From a cumulative rollup on, the fewest rollups that hold as many rows as it does."""
    mine = rolled_up.c.view == view.name, rolled_up.c.generation == number, rolled_up.c.log == log
    taken = select(rolled_up.c.block).where(*mine, rolled_up.c.block >= start)
    ready = connection.execute(taken.order_by(rolled_up.c.block).limit(FURTHEST)).scalars().all()
    if not ready:
        return None
    before, column = view.cumulative(number), view.tables(number).rollups.c
    held = select(func.count()).where(before.c.log == log, before.c.block == start)
    wanted = connection.execute(held).scalar_one()
    days = func.count(), func.min(column.day), func.max(column.day)
    grown, found = 0, list[int]()
    for nth, block in enumerate(ready, 1):
        query = select(*days).where(column.log == log, column.block == block)
        rows, *bounds = connection.execute(query).one()
        grown += rows
        found += bounds if rows else []
        if grown >= wanted or nth == FURTHEST:
            return BlockRange(start, block + 1, min(found, default=0), max(found, default=0))
    return None


def _add_up(connection: Connection, view: View, number: int, log: str, range_: BlockRange) -> None:
    cumulative, rollups = view.cumulative(number), view.tables(number).rollups
    parts = [
        select(*(table.c[name] for name in (*view.key, *view.measures))).where(*inside)
        for table, inside in (
            (cumulative, (cumulative.c.log == log, cumulative.c.block == range_.start)),
            (
                rollups,
                (rollups.c.log == log, rollups.c.block.between(range_.start, range_.end - 1)),
            ),
        )
    ]
    both = union_all(*parts).subquery()
    sums = [cast(func.sum(both.c[name]), BigInteger) for name in view.measures]
    query = (
        select(literal(log), literal(range_.end), *(both.c[name] for name in view.key), *sums)
        .group_by(*(both.c[name] for name in view.key))
        .having(or_(*(value != 0 for value in sums)))
    )
    names = ["log", "block", *view.key, *view.measures]
    connection.execute(insert(cumulative).from_select(names, query))


def adjust_after(
    connection: Connection,
    view: View,
    number: int,
    log: str,
    block: int,
    changed: Mapping[tuple[Any, ...], Sequence[int]],
) -> None:
    """Add what came to a block later to every cumulative rollup after it: sums by key and day."""
    after = ranges(connection, view, number, log, cumulated.c.block > block)
    if not after or not changed:
        return
    sums: dict[tuple[Any, ...], list[int]] = {}
    for (*key, _), measures in changed.items():
        old = sums.setdefault(tuple(key), [0] * len(measures))
        old[:] = [a + b for a, b in zip(old, measures, strict=True)]
    rows = [(log, s.end, *key, *values) for s in after for key, values in sorted(sums.items())]
    bulk.upsert(connection, view.cumulative(number), rows, frozenset(view.measures))
    days = {day for *_, day in changed}
    _widen(connection, view, number, log, after[0], days)


def _widen(
    connection: Connection, view: View, number: int, log: str, range_: BlockRange, days: set[int]
) -> None:
    first, last = min(days | {range_.first_day}), max(days | {range_.last_day})
    mine = *_of(view, number, log), cumulated.c.block == range_.end
    connection.execute(update(cumulated).where(*mine).values(first_day=first, last_day=last))


def _of(view: View, number: int, log: str) -> tuple[ColumnElement[bool], ...]:
    column = cumulated.c
    return column.view == view.name, column.generation == number, column.log == log
