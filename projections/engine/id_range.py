"""What a search finds among the first things of an order is looked for among their ids.

Ids are given one after another, mostly, so the newest things have the last ids: a gram has what it
has of these side by side. Where ids and the order have nothing to do with one another, the gram has
too many things between the least and the greatest id of the first, and the answer is None.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, func, select

from projections.engine import prepared
from projections.engine.prepared import Row, Statements
from projections.engine.record_order import directed, key_of
from projections.engine.record_rows import selected
from projections.engine.version_table import STILL
from projections.engine.versions_as_of import Then

if TYPE_CHECKING:
    from projections.engine.near import Near

RANGES, WITHIN = Statements(), Statements()
FIRST, FURTHEST = 500, 30_000
"""So many things of the order are looked at to begin with, and so many in the end."""
MOST = 2_000
"""Things of a gram that are read for one page."""


class IdRange(NamedTuple):
    """The ids of the first things, as streams; where these end in the order; and how many of a gram
    lie among them, counted no further than asked.
    """

    least: str | None
    greatest: str | None
    end: Any
    many: int


def rows(connection: Connection, near: "Near") -> tuple[Sequence[Row] | None, bool]:
    """The first rows in the order, where these fill a page; if not, whether it is because ids have
    nothing to do with the order.
    """
    ranges = RANGES.get(connection, near.shape, lambda: _range(near))
    within = WITHIN.get(connection, near.shape, lambda: _within(near))
    after, limit = near.wanted.after, near.wanted.limit
    looked_for = near.spelt.values[: len(near.spelt.grams[0])]
    first = FIRST
    while True:
        most = min(first, MOST)
        among = IdRange(*ranges.rows(connection, [*after, first, *looked_for, most])[0])
        if among.many >= most:
            return None, True
        fitting = among.many
        if fitting > limit:
            ends = among.least, among.greatest
            some = within.rows(connection, [*near.values, *ends, *after, limit + 1])
            fitting = sum(_is_before(near, row, among.end) for row in some)
            if fitting > limit:
                return some, False
        if first >= FURTHEST:
            return None, False
        # Half as many again as it takes where what fits lies evenly among them.
        first = min(FURTHEST, max(2 * first, 3 * first * (limit + 1) // (2 * max(fitting, 1))))


def _is_before(near: "Near", row: Row, end: Any) -> bool:
    """Of those that stand where the first ones end, some may have other ids."""
    key = row[-len(near.wanted.sort)]
    return bool(key > end if near.wanted.sort[0].descending else key < end)


def _range(near: "Near") -> tuple[Select[Any], Sequence[BindParameter[Any]]]:
    table, grams, first = near.asked.today, near.grams, near.wanted.sort[0]
    key = key_of(near.record, table, first.field)
    every = select(table.c.stream, key.label("key")).where(table.c.ended == STILL, *near.following)
    every = every.order_by(directed(key, down=first.descending)).limit(near.first)
    some = every.subquery("near")
    last = func.min(some.c.key) if first.descending else func.max(some.c.key)
    least, greatest = func.min(some.c.stream), func.max(some.c.stream)
    ends = select(least.label("least"), greatest.label("greatest"), last.label("last")).subquery(
        "ends"
    )
    looked_for, most = near.looked_for[: len(near.spelt.grams[0])], prepared.value("among", MOST)
    among = select(grams.c.stream).where(near.any_of(looked_for))
    among = among.where(grams.c.stream.between(ends.c.least, ends.c.greatest)).limit(most)
    many = select(func.count()).select_from(among.correlate(ends).subquery("among"))
    query = select(ends, many.correlate(ends).scalar_subquery().label("many"))
    return query, [*near.after, near.first, *looked_for, most]


def _within(near: "Near") -> tuple[Select[Any], Sequence[BindParameter[Any]]]:
    """All that a gram has among the ids, in the order."""
    table, grams = near.asked.today, near.grams
    least, greatest = prepared.value("least", ""), prepared.value("greatest", "")
    limit = prepared.value("limit", near.wanted.limit)
    given = near.looked_for[: len(near.spelt.grams[0])]
    things = select(grams.c.stream, grams.c.log).where(near.any_of(given))
    things = things.where(grams.c.stream.between(least, greatest))
    some = (things if len(given) == 1 else things.distinct()).subquery("near")
    order = [(key_of(near.record, table, one.field), one.descending) for one in near.wanted.sort]
    keys: list[ColumnElement[Any]] = [
        key.label(f"key_{number}") for number, (key, _) in enumerate(order)
    ]
    query = selected(near.record, Then(table, [], grams)).add_columns(*keys)
    query = query.select_from(near.joined(some)).where(*near.where(some, led=True), *near.following)
    by = (directed(key, down=down) for key, down in order)
    binds = [*near.binds, least, greatest, *near.after, limit]
    return query.order_by(*by).limit(limit), binds
