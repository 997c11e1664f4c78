"""Conditions told to a database, which answers them as `as_predicate` does."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, FromClause, and_, false, func, or_, true

from aggregates.conditions import AllOf, AnyOf, Condition, Not, Tree, lower


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
            empty = column.is_(None) if number else or_(column.is_(None), column == "")
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
