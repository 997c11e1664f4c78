"""Why a figure is what it is: the rows of the ledger behind it, and what they come to."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, func, select, tuple_
from sqlalchemy.sql.selectable import FromClause

from aggregates.conditions import TREE, Tree
from projections.engine import View, rollups
from projections.engine.attributes import NO_ATTRIBUTES, Attributes
from projections.engine.reading import (
    ALL_DAYS,
    NOW,
    AsOf,
    Days,
    Filters,
    conditions,
    sums,
    tables,
    until,
)

Within = Callable[[FromClause], ColumnElement[bool]]
"""Tells by more than filters which rows of a ledger are behind a figure."""


class Question(NamedTuple):
    """Which figure: with a measure, only the rows that changed it are behind it."""

    filters: Filters
    as_of: AsOf = NOW
    days: Days = ALL_DAYS
    measure: str | None = None
    within: Within | None = None
    attributes: Attributes = NO_ATTRIBUTES


class Answer(NamedTuple):
    """Each measure's sum and the number of rows, a page of these rows, and whether more follow."""

    figure: dict[str, int]
    rows: list[dict[str, Any]]
    more: bool


def answer(
    connection: Connection,
    view: View,
    question: Question,
    *,
    after: tuple[int, int] | None = None,
    limit: int = 100,
) -> Answer:
    """The figure, and the rows behind it after a position and line; their changes sum to it.

    Where one page has all the rows that a figure is added up from, they are read once.
    """
    found = behind(connection, view, question, after, limit + 1)
    rows, more = found[:limit], len(found) > limit
    if after is None and not more and (view.boards or question.measure is not None):
        figure = {name: sum(row[name] for row in rows) for name in view.measures}
        return Answer({**figure, "rows": len(rows)}, rows, more)
    return Answer(_figure(connection, view, question), rows, more)


def behind(
    connection: Connection,
    view: View,
    question: Question,
    after: tuple[int, int] | None,
    limit: int,
) -> list[dict[str, Any]]:
    """The ledger's rows behind a figure, in the order of the log."""
    ledger = question.attributes.widen(connection, tables(connection, view).ledger)
    order = ledger.c.position, ledger.c.line
    query = select(ledger).where(*_behind(ledger, question)).order_by(*order).limit(limit)
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(*after))
    return [dict(row) for row in connection.execute(query).mappings()]


def _figure(connection: Connection, view: View, question: Question) -> dict[str, int]:
    """Each measure's sum, and the number of rows, over all that is behind a figure.

    Where totals or rollups have the sum, as it is shown, the rows are only counted, by an index:
    a figure may have more of them than one cares to add up.
    """
    ledger = question.attributes.widen(connection, tables(connection, view).ledger)
    where = _behind(ledger, question)
    rows = func.count().label("rows")
    shown = _shown(connection, view, question)
    if shown is None:
        queries = [sums(ledger, (), view.measures, where).query().add_columns(rows)]
    else:
        queries = [shown, select(rows).select_from(ledger).where(*where)]
    found = [connection.execute(query).mappings().one() for query in queries]
    return {name: int(value) for one in found for name, value in one.items()}


def _shown(connection: Connection, view: View, question: Question) -> Select[Any] | None:
    """The sum as it is shown, if it is: not of one measure alone, nor of some rows of a board.

    The rows of some days of a board are sooner added up than its rollups.
    """
    filters, as_of, days, measure, within, attributes = question
    if measure is not None or within is not None:
        return None
    if not view.boards:
        table = attributes.shown(connection, view, as_of, days)
        return sums(table, (), view.measures, conditions(table, filters)).query()
    board = _board(view, filters)
    if board is None or not days.all:
        return None
    table = rollups.shown(connection, view, as_of, board=board)
    named = {"subject" if name == board[1] else name: value for name, value in filters.items()}
    return sums(table, (), view.measures, conditions(table, named)).query()


def _board(view: View, filters: Filters) -> tuple[str, str] | None:
    """The board that shows just what is asked; nobody is on none."""
    ranked = filters.keys() - set(view.ranked_by)
    boards = [board for board in view.boards if {board[1]} == ranked and _named(filters[board[1]])]
    return boards[0] if boards else None


def _named(wanted: str | Sequence[str] | Tree) -> bool:
    if isinstance(wanted, TREE):
        return False
    return "" not in ([wanted] if isinstance(wanted, str) else wanted)


def _behind(ledger: FromClause, question: Question) -> list[ColumnElement[bool]]:
    filters, as_of, days, measure, within, _ = question
    found = [*conditions(ledger, filters, days), *until(ledger, as_of)]
    if measure is not None:
        found.append(ledger.c[measure] != 0)
    return found if within is None else [*found, within(ledger)]
