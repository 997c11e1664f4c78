"""Conditions told to a database, which answers them as `as_predicate` does."""

from collections.abc import Hashable, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    and_,
    false,
    func,
    literal_column,
    or_,
    true,
)

from aggregates.conditions import AllOf, AnyOf, Condition, Not, Tree, lower

NOTHING: ColumnElement[str] = literal_column("''")


def as_sql(rows: FromClause, tree: Tree) -> ColumnElement[bool]:
    """Whether a row fits, in SQL that SQLite and PostgreSQL answer alike."""
    match tree:
        case AllOf(parts):
            return and_(true(), *(as_sql(rows, part) for part in parts))
        case AnyOf(parts):
            return or_(false(), *(as_sql(rows, part) for part in parts))
        case Not(part):
            return as_sql(rows, part).is_not(true())
        case Condition(field, operator, values):
            return _sql(rows.c[field], operator, values)


def without_values(tree: Tree, values: list[Any]) -> Hashable | None:
    """What trees have in common that are the same in SQL but for their values, which are added in
    the order in which `as_sql` binds them; None where only the SQL itself can tell.
    """
    match tree:
        case AllOf(parts) | AnyOf(parts):
            every = tuple(without_values(part, values) for part in parts)
            return None if None in every else (type(tree), every)
        case Not(part):
            inner = without_values(part, values)
            return None if inner is None else (Not, inner)
        case Condition(field, "empty", (said,)):
            return field, said
        case Condition(field, operator, given) if operator in BOUND and None not in given:
            values += given
            return field, operator, len(given)
    return None


BOUND = frozenset({"", "not", "gt", "gte", "lt", "lte"})
"""What binds each of its values as it is."""


def _sql(column: ColumnElement[Any], operator: str, values: Sequence[Any]) -> ColumnElement[bool]:
    match operator:
        case "" if len(values) == 1:  # an index goes on to the order only after one value
            equal: ColumnElement[bool] = column == values[0]
            return equal
        case "":
            return column.in_(values)
        case "not":
            return or_(column.is_(None), column.not_in(values))
        case "contains":
            return or_(*(_lowered(column).contains(lower(v), autoescape=True) for v in values))
        case "starts":
            return or_(*(_lowered(column).startswith(lower(v), autoescape=True) for v in values))
        case "empty":
            number = isinstance(column.type, BigInteger)
            empty = column.is_(None) if number else or_(column.is_(None), column == NOTHING)
            return empty if values[0] == "true" else empty.is_not(true())
        case "gt":
            return and_(*(column > value for value in values))
        case "gte":
            return and_(*(column >= value for value in values))
        case "lt":
            return and_(*(column < value for value in values))
        case "lte":
            return and_(*(column <= value for value in values))
        case "among":
            return or_(*(column.in_(each) for each in values))
        case "within":
            return or_(*(and_(column >= since, column < before) for since, before in values))
    raise ValueError(f"{operator} is no operator")


def _lowered(column: ColumnElement[Any]) -> ColumnElement[str]:
    return func.lower(column)
