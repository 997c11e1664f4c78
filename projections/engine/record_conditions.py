"""Conditions on the fields of a record, as SQL."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, literal

from aggregates.conditions import AMONG, Condition, Tree, mapped
from projections.engine.conditions import as_sql
from projections.engine.record import Record

OF_STREAM = ("", "gt", "gte", "lt", "lte", AMONG)
"""What asks the same of an id and of its stream."""


def sql(record: Record[Any], rows: FromClause, tree: Tree) -> ColumnElement[bool]:
    """Whether a row fits."""
    return as_sql(rows, by_streams(record, tree))


def by_streams(record: Record[Any], tree: Tree) -> Tree:
    """An id is looked up by its stream, which indexes hold."""

    def by_stream(one: Condition) -> Tree:
        if one.field != "id" or one.operator not in OF_STREAM:
            return one
        return Condition("stream", one.operator, [stream_of(record, each) for each in one.values])

    return mapped(tree, by_stream)


def stream_of(record: Record[Any], id: Any) -> Any:
    """Of an id, or of a query for several."""
    if not isinstance(id, Select):
        return record.kind.stream(id)
    (column,) = id.selected_columns
    return id.with_only_columns(literal(record.kind.stream("")).concat(column))
