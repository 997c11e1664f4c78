"""Closings: the ledger summed by block of positions and business day, so that the past is cheap.

A block is closed when the view has every event of it, and its rows never change afterwards; so
neither do its sums. A late event stands in a later block, under the day it happened on. Only what
was parked comes to a closed block later: whoever lets it in takes the closing `again`.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, delete, func, select, union_all
from sqlalchemy.sql.selectable import FromClause

from infra import bulk
from projections import View, add, day_of, progress
from projections.reading import AsOf, until

BLOCK = 65_536


def due(connection: Connection, view: View, number: int, log: str) -> int | None:
    """The first block that is complete and not closed, if there is one."""
    column = progress.closed.c
    query = select(func.max(column.block)).where(
        column.view == view.name, column.generation == number, column.log == log
    )
    last = connection.execute(query).scalar_one()
    block = 0 if last is None else int(last) + 1
    complete = progress.complete(connection, view, number, log)
    return block if complete >= (block + 1) * BLOCK else None


def close(connection: Connection, view: View, number: int, log: str, block: int) -> None:
    """Sum a complete block; raises where another worker has closed it."""
    row = {"view": view.name, "generation": number, "log": log, "block": block}
    connection.execute(progress.closed.insert().values(row))
    tables = view.tables(number)
    ledger = tables.ledger
    wanted = [ledger.c.day, *(ledger.c[name] for name in (*view.dimensions, *view.measures))]
    inside = (
        ledger.c.log == log,
        ledger.c.position > block * BLOCK,
        ledger.c.position <= (block + 1) * BLOCK,
    )
    wide = len(view.dimensions)
    sums: dict[tuple[Any, ...], list[int]] = {}
    for day, *change in connection.execute(select(*wanted).where(*inside)):
        for key in view.keys(tuple(change), day):
            add(sums, key if "day" in view.key else (*key, day), change[wide:])
    rows = [(log, block, *key, *measures) for key, measures in sorted(sums.items())]
    bulk.insert(connection, tables.closings, rows)


def again(
    connection: Connection, view: View, number: int, log: str, positions: Iterable[int]
) -> None:
    """Take the closings of closed blocks anew that got rows at these positions."""
    column, closings = progress.closed.c, view.tables(number).closings
    for block in sorted({(position - 1) // BLOCK for position in positions}):
        mine = column.view == view.name, column.generation == number, column.log == log
        gone = connection.execute(delete(progress.closed).where(*mine, column.block == block))
        if gone.rowcount:
            sums = closings.c.log == log, closings.c.block == block
            connection.execute(delete(closings).where(*sums))
            close(connection, view, number, log, block)


def summed(
    connection: Connection, view: View, as_of: AsOf, board: tuple[str, str] | None = None
) -> FromClause:
    """Rows of dimensions, day and measures that sum to the view as of then.

    For a view whose totals are spread over boards, `board` names one and the dimension that it
    ranks; the rows are then of `subject` and `currency`.
    """
    number = progress.generation(connection, view.name)
    ledger, _, closings = view.tables(number)
    edge = _closed(connection, view, number, as_of) * BLOCK
    names = (*(("subject", "currency") if board else view.dimensions), "day", *view.measures)
    source = {"subject": board[1]} if board else {}
    entries = select(*(ledger.c[source.get(name, name)].label(name) for name in names))
    past = select(*(closings.c[name] for name in names)).where(closings.c.block < edge // BLOCK)
    if board:
        entries = entries.where(ledger.c[board[1]] != "")
        past = past.where(closings.c.board == board[0])
    rest = entries.where(ledger.c.position > edge, *until(ledger, as_of))
    if as_of.occurred_at is None:
        return union_all(past, rest).subquery()
    day, happened = day_of(as_of.occurred_at), ledger.c.occurred_at <= as_of.occurred_at
    same_day = entries.where(ledger.c.day == day, ledger.c.position <= edge, happened)
    return union_all(past.where(closings.c.day < day), same_day, rest).subquery()


def _closed(connection: Connection, view: View, number: int, as_of: AsOf) -> int:
    """How many blocks, from the first, are closed and wholly before the position."""
    column = progress.closed.c
    query = select(func.max(column.block)).where(
        column.view == view.name, column.generation == number
    )
    last = connection.execute(query).scalar_one()
    blocks = 0 if last is None else int(last) + 1
    return blocks if as_of.position is None else min(blocks, as_of.position // BLOCK)
