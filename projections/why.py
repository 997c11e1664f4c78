"""Why a figure is what it is: the rows of the ledger behind it, and what they come to."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select, tuple_
from sqlalchemy.sql.selectable import FromClause

from projections import View, closings
from projections.reading import (
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


class Question(NamedTuple):
    """Which figure: with a measure, only the rows that changed it are behind it."""

    filters: Filters
    as_of: AsOf = NOW
    days: Days = ALL_DAYS
    measure: str | None = None


def explain(
    connection: Connection,
    view: View,
    question: Question,
    *,
    after: tuple[int, int] | None = None,
    limit: int = 100,
) -> list[dict[str, Any]]:
    """The ledger's rows behind a figure, in the order of the log; their changes sum to it."""
    ledger = tables(connection, view).ledger
    order = ledger.c.position, ledger.c.line
    query = select(ledger).where(*_behind(ledger, question)).order_by(*order).limit(limit)
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(*after))
    return [dict(row) for row in connection.execute(query).mappings()]


def explained(connection: Connection, view: View, question: Question) -> dict[str, int]:
    """Each measure's sum, and the number of ledger rows, over all that `explain` would list.

    Where totals or closings have the sum, as a board shows it, the rows are only counted, by an
    index: a figure may have more of them than one cares to add up.
    """
    filters, as_of, days, measure = question
    ledger = tables(connection, view).ledger
    where = _behind(ledger, question)
    rows = func.count().label("rows")
    if view.boards or measure is not None:
        queries = [sums(ledger, (), view.measures, where).add_columns(rows)]
    else:
        shown = closings.shown(connection, view, as_of, days)
        summed = sums(shown, (), view.measures, conditions(shown, filters))
        queries = [summed, select(rows).select_from(ledger).where(*where)]
    found = [connection.execute(query).mappings().one() for query in queries]
    return {name: int(value) for one in found for name, value in one.items()}


def _behind(ledger: FromClause, question: Question) -> list[ColumnElement[bool]]:
    filters, as_of, days, measure = question
    changed = [] if measure is None else [ledger.c[measure] != 0]
    return [*conditions(ledger, filters, days), *until(ledger, as_of), *changed]
