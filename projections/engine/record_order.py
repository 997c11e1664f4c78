"""In which order the things of a record stand: the keys of a row, and what comes after them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, and_, func, literal, or_

from projections.engine import name_order
from projections.engine.record import Record

LEAST = -(2**63)


class Sort(NamedTuple):
    field: str
    descending: bool = False


def ordered(sort: Sequence[Sort]) -> list[Sort]:
    """The order with the id at its end, so that no two rows are alike."""
    rest = [] if any(one.field == "id" for one in sort) else [Sort("id")]
    return [*sort, *rest, Sort("log")]


def key_of(record: Record[Any], found: FromClause, name: str) -> ColumnElement[Any]:
    """What is sorted by: where there is nothing, it is less than anything.

    Streams of one kind are in the order of their ids, and are what indexes hold.
    """
    known = record.fields.get(name)
    if known is not None and known.mark.by_reading:
        return found.c[name_order.column_of(name)]
    column: ColumnElement[Any] = found.c["stream" if name == "id" else name]
    if known is None or not known.optional:
        return column
    return func.coalesce(column, literal("" if known.type is str else LEAST))


def has_index(record: Record[Any], name: str) -> bool:
    """Whether an index has things in the order of these keys."""
    if name == "id":
        return True
    known = record.fields.get(name)
    if known is None or not known.mark.indexed:
        return False
    return known.mark.by_reading or not known.optional


def directed(key: ColumnElement[Any], *, down: bool) -> ColumnElement[Any]:
    return key.desc() if down else key.asc()


def beyond(
    order: Sequence[tuple[ColumnElement[Any], bool]], after: Sequence[Any]
) -> ColumnElement[bool]:
    """That the first key is not before `after` follows; an index begins there."""
    ways, same = list[ColumnElement[bool]](), list[ColumnElement[bool]]()
    for (one, descending), value in zip(order, after, strict=True):
        ways.append(and_(*same, one < value if descending else one > value))
        same.append(one == value)
    (first, descending), value = order[0], after[0]
    return and_(first <= value if descending else first >= value, or_(*ways))
