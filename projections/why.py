"""Why a figure is what it is: the rows of the ledger behind it, and what they come to."""

from typing import Any

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


def explain(
    connection: Connection,
    view: View,
    filters: Filters,
    *,
    as_of: AsOf = NOW,
    days: Days = ALL_DAYS,
    measure: str | None = None,
    after: tuple[int, int] | None = None,
    limit: int = 100,
) -> list[dict[str, Any]]:
    """The ledger's rows behind a figure, in the order of the log; their changes sum to it."""
    ledger = tables(connection, view).ledger
    order = ledger.c.position, ledger.c.line
    where = _behind(ledger, filters, days, as_of, measure)
    query = select(ledger).where(*where).order_by(*order).limit(limit)
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(*after))
    return [dict(row) for row in connection.execute(query).mappings()]


def explained(
    connection: Connection,
    view: View,
    filters: Filters,
    *,
    as_of: AsOf = NOW,
    days: Days = ALL_DAYS,
    measure: str | None = None,
) -> dict[str, int]:
    """Each measure's sum, and the number of ledger rows, over all that `explain` would list.

    Where the figure has more rows than one cares to add up, they are counted by an index, and
    their sum is that of the totals or closings which a board shows.
    """
    ledger = tables(connection, view).ledger
    where = _behind(ledger, filters, days, as_of, measure)
    rows = func.count().label("rows")
    if view.boards or measure is not None:
        query = sums(ledger, (), view.measures, where).add_columns(rows)
        found = dict(connection.execute(query).mappings().one())
    else:
        shown = _shown(connection, view, as_of, days)
        query = sums(shown, (), view.measures, conditions(shown, filters))
        found = dict(connection.execute(query).mappings().one())
        counted = select(rows).select_from(ledger).where(*where)
        found["rows"] = connection.execute(counted).scalar_one()
    return {name: int(value) for name, value in found.items()}


def _shown(connection: Connection, view: View, as_of: AsOf, days: Days) -> FromClause:
    """What a board would show the figure from."""
    if as_of.now and days.all:
        return tables(connection, view).totals
    return closings.summed(connection, view, as_of, days=days)


def _behind(
    ledger: FromClause, filters: Filters, days: Days, as_of: AsOf, measure: str | None
) -> list[ColumnElement[bool]]:
    """The rows that a figure is summed from; with a measure, only those that changed it."""
    changed = [] if measure is None else [ledger.c[measure] != 0]
    return [*conditions(ledger, filters, days), *until(ledger, as_of), *changed]
