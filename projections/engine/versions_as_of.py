"""The versions that count as of a moment, of each thing one, found by what there is now.

Each thing that ever was has one current version, so things are gone through in the order of those,
and the version of each that counted then is looked up: an answer costs what its page does, however
long the history is. A current version that was there by then is itself the one that counted, since
of what had happened none is later, and of what is known none newer.

A list in another order has to go through all things. As of a position it goes through the versions
themselves, where many things have changed since: those known by then that ended after it.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Table,
    and_,
    func,
    literal_column,
    not_,
    select,
    true,
)

from projections.engine import generations
from projections.engine.prepared import Statements, value
from projections.engine.reading import AsOf
from projections.engine.record import Record
from projections.engine.search import AS_BYTES
from projections.engine.version_table import STILL

POSITION, HAPPENED = value("as_of_position", 0), value("as_of_happened", 0)
"""Stand for the moment in a statement that is made once for all moments."""
MOMENT = POSITION, HAPPENED
CHANGED = Statements()
BY_NO_INDEX: ColumnElement[str] = literal_column("(now.stream || '')", AS_BYTES).label("stream")
MANY = 5_000
"""Versions since a position: of more, those before are gone through."""


class Then(NamedTuple):
    """The versions that count as of a moment: of each thing one, if it was there at all."""

    rows: FromClause
    there: Sequence[ColumnElement[bool]]
    """Which of the rows they are."""
    grams: Table | None
    """The index of what they are found by, where they are those of now."""

    @property
    def now(self) -> bool:
        return self.grams is not None


def then(record: Record[Any], generation: int, as_of: AsOf, dialect: str) -> Then:
    """The version of each thing is looked up as the thing is come to, in the order of ids."""
    table, grams = record.every_table(generation)
    if as_of.now:
        return Then(table, [table.c.ended == STILL], grams)
    return Then(_looked_up(table, as_of, dialect), [], None)


def versions(connection: Connection, record: Record[Any], as_of: AsOf) -> Then:
    """The same of the generation that answers."""
    number = generations.generation(connection, record.name)
    return then(record, number, as_of, connection.dialect.name)


def apart(record: Record[Any], generation: int, as_of: AsOf, dialect: str) -> tuple[Then, Then]:
    """The versions in two: current ones that were there already, which come by the indexes of what
    is so now, and what is looked up of things that have changed since.
    """
    table, grams = record.every_table(generation)
    there = table.c.ended == STILL, _there(table, as_of)
    return Then(table, there, grams), Then(
        _looked_up(table, as_of, dialect, only_changed=True), [], None
    )


def gone_through(record: Record[Any], generation: int, as_of: AsOf) -> Then:
    """As of a position: one of the versions of each thing was known by then and ended after it."""
    table, _ = record.every_table(generation)
    return Then(table, [table.c.position <= as_of.position, table.c.ended > as_of.position], None)


def much_changed(connection: Connection, table: Table, as_of: AsOf) -> bool:
    """Whether a position is so long ago that versions are better gone through than looked up."""
    if as_of.position is None or as_of.occurred_at is not None:
        return False
    changed = CHANGED.get(connection, table.name, lambda: _changed(table))
    return bool(changed.rows(connection, [as_of.position])[0][0] > MANY)


def _changed(table: Table) -> tuple[Select[Any], Sequence[BindParameter[Any]]]:
    some = select(table.c.position).where(table.c.position > POSITION).limit(MANY + 1)
    return select(func.count()).select_from(some.subquery()), [POSITION]


Way = Literal["looked up", "apart", "gone through"]


@lru_cache(maxsize=256)
def of_any_moment(
    record: Record[Any], generation: int, dialect: str, known: bool, happened: bool, way: Way
) -> Sequence[Then]:
    """With `POSITION` and `HAPPENED` in place of the moment."""
    moment: Any = (POSITION if known else None, HAPPENED if happened else None)
    asked = record, generation, AsOf(*moment), dialect
    if way == "gone through":
        return (gone_through(record, generation, AsOf(*moment)),)
    return (then(*asked),) if way == "looked up" or not (known or happened) else apart(*asked)


def _looked_up(
    table: Table, as_of: AsOf, dialect: str, *, only_changed: bool = False
) -> FromClause:
    """By an index, for each thing by itself, whatever the database thinks of how many there are."""
    now, one = table.alias("now"), table.alias("one")
    which = [now.c.ended == STILL, *([not_(_there(now, as_of))] if only_changed else [])]
    if dialect == "sqlite":  # it knows no LATERAL
        was: FromClause = table.alias("was")
        place = _counted(select(literal_column("one.rowid")).select_from(one), now, one, as_of)
        which.append(literal_column("was.rowid") == place.scalar_subquery())
    else:
        was = _counted(select(one), now, one, as_of).lateral("was")
    first = "stream", "log"  # from those of now, which are in the order of ids
    shown: list[ColumnElement[Any]] = [
        (now if column.name in first else was).c[column.name] for column in table.c
    ]
    if only_changed:  # they would go through all things for their order
        shown = [BY_NO_INDEX if column is now.c.stream else column for column in shown]
    return select(*shown).select_from(now.join(was, true())).where(*which).subquery()


def _counted(query: Select[Any], now: FromClause, one: FromClause, as_of: AsOf) -> Select[Any]:
    """Of an instant, what happened last by then, and of that what is known last. Of a position,
    what is known last: an event makes anew all that had happened after it.
    """
    order = one.c.position, one.c.happened
    last = [key.desc() for key in (order if as_of.occurred_at is None else order[::-1])]
    mine = one.c.stream == now.c.stream, one.c.log == now.c.log, _there(one, as_of)
    return query.where(*mine).order_by(*last).limit(1)


def _there(table: FromClause, as_of: AsOf) -> ColumnElement[bool]:
    """Whether a version was known, and had happened, by then."""
    position, happened = as_of
    by = [] if position is None else [table.c.position <= position]
    return and_(*by, *([] if happened is None else [table.c.happened <= happened]))
