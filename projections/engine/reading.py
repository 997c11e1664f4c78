"""Figures read from a view: filtered, paged by key, as of any moment, and explained."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    and_,
    cast,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.sql.selectable import FromClause

from aggregates.conditions import TREE, Condition, Tree, mapped
from projections.engine import Tables, View, generations, prepared
from projections.engine.conditions import as_sql
from projections.engine.prepared import DeferredQuery, deferred

SCOPE = "@scope"
"""Among the filters, the condition that says what the reader may see."""
TOGETHER = "@together"
"""Among the filters, conditions on several columns at once."""
Filters = Mapping[str, str | Sequence[str] | Tree]


class AsOf(NamedTuple):
    """What counts: events up to a position of the log, and events that had happened by then."""

    position: int | None = None
    occurred_at: int | None = None

    @property
    def now(self) -> bool:
        return self.position is None and self.occurred_at is None


NOW = AsOf()


class Days(NamedTuple):
    """Business days, first and last included."""

    first: int | None = None
    last: int | None = None

    @property
    def all(self) -> bool:
        return self.first is None and self.last is None


ALL_DAYS = Days()


def tables(connection: Connection, view: View) -> Tables:
    """The tables of the generation that answers."""
    return view.tables(generations.generation(connection, view.name))


def conditions(
    table: FromClause, filters: Filters, days: Days = ALL_DAYS
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for name, wanted in filters.items():
        if isinstance(wanted, TREE):
            tree = _of_column(name, wanted)
        else:
            tree = Condition(name, "", [wanted] if isinstance(wanted, str) else wanted)
        found.append(as_sql(table, tree))
    if days.first is not None:
        found.append(table.c.day >= days.first)
    if days.last is not None:
        found.append(table.c.day <= days.last)
    return found


def _of_column(name: str, wanted: Tree) -> Tree:
    """A board calls the column that it ranks otherwise."""
    if name in (SCOPE, TOGETHER):
        return wanted
    return mapped(wanted, lambda one: one._replace(field=name))


def until(ledger: FromClause, as_of: AsOf) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if as_of.position is not None:
        found.append(ledger.c.position <= as_of.position)
    if as_of.occurred_at is not None:
        found.append(ledger.c.occurred_at <= as_of.occurred_at)
    return found


def sums(
    table: FromClause,
    by: Sequence[str],
    measures: Sequence[str],
    where: Sequence[ColumnElement[bool]],
) -> DeferredQuery:
    """The sum of each measure for each value of the columns; all-zero groups are left out."""
    what = "sums", tuple(by), tuple(measures)
    return deferred(what, (table, *where), lambda: _sums(table, by, measures, where))


def _sums(
    table: FromClause,
    by: Sequence[str],
    measures: Sequence[str],
    where: Sequence[ColumnElement[bool]],
) -> Select[Any]:
    keys = [table.c[name] for name in by]
    # PostgreSQL sums bigint to numeric: bring it back to a whole number.
    added = [cast(func.coalesce(func.sum(table.c[name]), 0), BigInteger) for name in measures]
    columns = [value.label(name) for name, value in zip(measures, added, strict=True)]
    query = select(*keys, *columns).where(*where)
    if not by:
        return query
    return query.group_by(*keys).having(or_(*(value != 0 for value in added)))


def page(
    connection: Connection,
    asked: DeferredQuery,
    by: Sequence[str],
    after: Sequence[Any],
    limit: int,
) -> list[dict[str, Any]]:
    """Rows in the order of their key, those after `after` alone."""
    places, most = _places(after), prepared.value("most", limit)

    def query() -> Select[Any]:
        found = asked.query().subquery()
        keys = [found.c[name] for name in by]
        paged = select(found).order_by(*keys).limit(most)
        return paged.where(tuple_(*keys) > tuple_(*places)) if places else paged

    what = "page", tuple(by), len(places), asked.shape
    return DeferredQuery(what, [*asked.binds, *places, most], query).rows(connection)


def _places(after: Iterable[Any]) -> list[BindParameter[Any]]:
    return [prepared.value(f"after_{number}", one) for number, one in enumerate(after)]


def ranked(
    connection: Connection,
    asked: DeferredQuery,
    measure: str,
    after: tuple[Any, ...] | None,
    limit: int,
) -> list[dict[str, Any]]:
    """Rows from the greatest figure down, equals in the order of their first two columns.

    `after` is the last row's measure and those two columns.
    """
    places, most = _places(after or ()), prepared.value("most", limit)

    def query() -> Select[Any]:
        found = asked.query().subquery()
        value, names = found.c[measure], tuple(found.c)[:2]
        paged = select(found).order_by(value.desc(), *names).limit(most)
        if not places:
            return paged
        least, *rest = places
        later = and_(value == least, tuple_(*names) > tuple_(*rest))
        return paged.where(or_(value < least, later))

    what = "ranked", measure, len(places), asked.shape
    return DeferredQuery(what, [*asked.binds, *places, most], query).rows(connection)
