"""Balances: all closings before a block added up, so that a long past costs as much as a short.

A balance is taken when about as much was closed since the last one as that one holds: keeping
them costs little more than keeping the closings, and a read needs one of them and a few closings.
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
from projections.engine.progress import balanced, closed

FURTHEST = 16
"""Blocks between two balances at most."""
LAST = 2**62
"""No block is beyond it."""


class Span(NamedTuple):
    """Blocks from one balance to the next, that before `end`; their rows are of no other days."""

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
    """The last balance up to a block, of those with no later days since the balance before."""
    column = balanced.c
    query = select(func.max(column.block)).where(*_of(view, number, log), column.block <= until)
    if last_day is not None:
        query = query.where(column.last_day <= last_day)
    return int(connection.execute(query).scalar_one() or 0)


def spans(
    connection: Connection, view: View, number: int, log: str, *where: ColumnElement[bool]
) -> list[Span]:
    """What lies between balances, in order."""
    column = balanced.c
    names = column.start, column.block, column.first_day, column.last_day
    query = select(*names).where(*_of(view, number, log), *where).order_by(column.block)
    return [Span(*row) for row in connection.execute(query)]


def carry(connection: Connection, view: View, number: int, log: str) -> bool:
    """Take the next balance, if there is enough for one; raises where another worker took it."""
    start = newest(connection, view, number, log, LAST)
    span = _next(connection, view, number, log, start)
    if span is None:
        return False
    row = (view.name, number, log, span.end, start, span.first_day, span.last_day)
    connection.execute(insert(balanced).values(row))
    _add_up(connection, view, number, log, span)
    return True


def _next(connection: Connection, view: View, number: int, log: str, start: int) -> Span | None:
    """From a balance on, the fewest closed blocks that hold as many rows as it does."""
    mine = closed.c.view == view.name, closed.c.generation == number, closed.c.log == log
    taken = select(closed.c.block).where(*mine, closed.c.block >= start)
    ready = connection.execute(taken.order_by(closed.c.block).limit(FURTHEST)).scalars().all()
    if not ready:
        return None
    balances, column = view.balances(number), view.tables(number).closings.c
    held = select(func.count()).where(balances.c.log == log, balances.c.block == start)
    wanted = connection.execute(held).scalar_one()
    days = func.count(), func.min(column.day), func.max(column.day)
    grown, found = 0, list[int]()
    for nth, block in enumerate(ready, 1):
        query = select(*days).where(column.log == log, column.block == block)
        rows, *bounds = connection.execute(query).one()
        grown += rows
        found += bounds if rows else []
        if grown >= wanted or nth == FURTHEST:
            return Span(start, block + 1, min(found, default=0), max(found, default=0))
    return None


def _add_up(connection: Connection, view: View, number: int, log: str, span: Span) -> None:
    balances, closings = view.balances(number), view.tables(number).closings
    parts = [
        select(*(table.c[name] for name in (*view.key, *view.measures))).where(*inside)
        for table, inside in (
            (balances, (balances.c.log == log, balances.c.block == span.start)),
            (
                closings,
                (closings.c.log == log, closings.c.block.between(span.start, span.end - 1)),
            ),
        )
    ]
    both = union_all(*parts).subquery()
    sums = [cast(func.sum(both.c[name]), BigInteger) for name in view.measures]
    query = (
        select(literal(log), literal(span.end), *(both.c[name] for name in view.key), *sums)
        .group_by(*(both.c[name] for name in view.key))
        .having(or_(*(value != 0 for value in sums)))
    )
    names = ["log", "block", *view.key, *view.measures]
    connection.execute(insert(balances).from_select(names, query))


def correct(
    connection: Connection,
    view: View,
    number: int,
    log: str,
    block: int,
    changed: Mapping[tuple[Any, ...], Sequence[int]],
) -> None:
    """Add what came to a closed block later to every balance after it: sums by key and day."""
    after = spans(connection, view, number, log, balanced.c.block > block)
    if not after or not changed:
        return
    sums: dict[tuple[Any, ...], list[int]] = {}
    for (*key, _), measures in changed.items():
        old = sums.setdefault(tuple(key), [0] * len(measures))
        old[:] = [a + b for a, b in zip(old, measures, strict=True)]
    rows = [(log, s.end, *key, *values) for s in after for key, values in sorted(sums.items())]
    bulk.upsert(connection, view.balances(number), rows, frozenset(view.measures))
    days = {day for *_, day in changed}
    _widen(connection, view, number, log, after[0], days)


def _widen(
    connection: Connection, view: View, number: int, log: str, span: Span, days: set[int]
) -> None:
    first, last = min(days | {span.first_day}), max(days | {span.last_day})
    mine = *_of(view, number, log), balanced.c.block == span.end
    connection.execute(update(balanced).where(*mine).values(first_day=first, last_day=last))


def _of(view: View, number: int, log: str) -> tuple[ColumnElement[bool], ...]:
    column = balanced.c
    return column.view == view.name, column.generation == number, column.log == log
