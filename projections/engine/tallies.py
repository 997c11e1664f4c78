"""What a list comes to in all: how many rows have each value of a field, and sums of numbers."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from aggregates.conditions import AllOf, Tree, fields
from infra.clock import iso
from projections.engine.reading import AsOf
from projections.engine.record import Record
from projections.engine.record_query import RecordQuery, matching

CURRENCY = "currency"
HALF = 32
"""Sums are taken of the upper and the lower bits apart, since they may need more than 64."""
Totals = dict[str, Any]


COUNTED = 10_000
"""Rows that a facet is counted over, unless all are asked for."""
ADDED = 50_000
"""Rows that are added up: of more there is no total, unless all are asked for."""


class Facet(NamedTuple):
    """Values with how many rows have them, the most frequent first, and how many more there are."""

    values: Sequence[tuple[Any, int]]
    more: int
    capped: bool = False
    """Whether only the first `COUNTED` rows were looked at."""


def facet(
    connection: Connection,
    record: Record[Any],
    wanted: RecordQuery,
    as_of: AsOf,
    field: str,
    most: int,
    *,
    whole: bool = False,
) -> Facet:
    every = matching(connection, record, wanted, as_of, field)
    found = (every if whole else every.limit(COUNTED + 1)).subquery()
    column, many = found.c[field], func.count()
    order = many.desc(), column.is_(None), column
    in_all = func.sum(many).over()
    query = select(column, many, in_all).group_by(column).order_by(*order).limit(most + 1)
    told = connection.execute(query).all()
    rows = [(row[0], row[1]) for row in told]
    capped = not whole and bool(told) and int(told[0][2]) > COUNTED
    known = record.fields.get(field)
    if known is not None and known.mark.instant:
        rows = [(None if value is None else iso(value), times) for value, times in rows]
    if len(rows) <= most:
        return Facet(rows, 0, capped)
    values = select(column).group_by(column).subquery()
    all_of_them = connection.execute(select(func.count()).select_from(values)).scalar_one()
    return Facet(rows[:most], all_of_them - most, capped)


def totals(
    connection: Connection,
    record: Record[Any],
    wanted: RecordQuery,
    as_of: AsOf,
    names: Sequence[str],
    *,
    whole: bool = False,
) -> Totals | None:
    """The sum of each field; by currency where the record has one, and never over several. Nothing
    where there are more rows than are added up: of some of them it would be no total.
    """
    by = [CURRENCY] if CURRENCY in record.fields else []
    every = matching(connection, record, wanted, as_of, *dict.fromkeys([*by, *names]))
    found = (every if whole else every.limit(ADDED + 1)).subquery()
    sums = [part for name in names for part in _parts(found.c[name])]
    keys = [found.c[name] for name in by]
    query = select(*keys, *sums, func.count()).group_by(*keys).order_by(*keys)
    rows = connection.execute(query).all()
    if not whole and sum(row[-1] for row in rows) > ADDED:
        return None
    told: Totals = {name: {} if by else 0 for name in names}
    for row in rows:
        parts = row[len(by) : -1]
        for place, name in enumerate(names):
            upper, lower = parts[2 * place : 2 * place + 2]
            value = exact((int(upper) << HALF) + int(lower))
            if by:
                told[name][row[0]] = value
            else:
                told[name] = value
    return told


def without(tree: Tree, field: str) -> Tree:
    """All other conditions: those that must hold and do not speak of the field alone."""
    if not isinstance(tree, AllOf):
        return AllOf([]) if fields(tree) == {field} else tree
    return AllOf([without(part, field) for part in tree.parts])


def _parts(column: Any) -> tuple[Any, Any]:
    upper = column.bitwise_rshift(HALF)
    lower = column.bitwise_and(2**HALF - 1)
    return func.coalesce(func.sum(upper), 0), func.coalesce(func.sum(lower), 0)


def exact(value: int) -> int | str:
    """A sum beyond 64 bits is told by its digits, as text."""
    return value if -(2**63) <= value < 2**63 else str(value)
