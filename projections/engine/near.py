"""A page of what fits many things is looked for among the first in its order.

No database knows how many things fit all that is asked. It goes by the index of one condition and
sorts all that this has, or goes through an order to find next to nothing. Of what fits many things
some are among the first in any order, mostly, so these are looked at before: as an index has them
in their order, or, by their ids, as a gram has them, whichever order is asked for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    FromClause,
    Join,
    Select,
    Subquery,
    Table,
    exists,
    literal_column,
    select,
    union,
    union_all,
)
from sqlalchemy.ext.compiler import compiles

from projections.engine import finding, id_range, prepared
from projections.engine.finding import Spelt
from projections.engine.prepared import Row, Statements
from projections.engine.record import Record
from projections.engine.record_asked import RecordQuery, ShapedQuery, conditions_of, standing_for
from projections.engine.record_order import beyond, directed, key_of, ordered
from projections.engine.record_rows import selected
from projections.engine.version_table import STILL
from projections.engine.versions_as_of import Then

NEAR, FITTING = Statements(), Statements()
FIRST = 3_000
"""So many are looked at."""
FURTHER = 15_000
"""So many where indexes alone tell whether a thing has what is looked for."""
NO_OFFSET: ColumnElement[int] = literal_column("0")
"""What has an offset is asked for each row by itself."""
Binds = Sequence[BindParameter[Any]]


def rows(
    connection: Connection, record: Record[Any], wanted: RecordQuery, asked: ShapedQuery
) -> Sequence[Row] | None:
    """The first rows of what is so now, where these fill a page."""
    near = Near(record, wanted, asked, _spelt(connection, asked, wanted), _name(connection))
    if near.by_index:
        some, is_elsewhere = id_range.rows(connection, near)
        if some is not None or not is_elsewhere:
            return some
        # PostgreSQL would gather all that a gram has, where it takes these for few.
        if near.dialect == "postgresql":
            some = _walked(connection, replace(near, one_by_one=True), FIRST)
            if some is not None:
                return some
    return _walked(connection, near, FURTHER if near.by_index else FIRST)


def _walked(connection: Connection, near: "Near", first: int) -> Sequence[Row] | None:
    """The page of so many that come first, where it is full."""
    statement = NEAR.get(connection, near.shape, near.page)
    limit = near.wanted.limit
    some = statement.rows(connection, [*near.values, *near.wanted.after, first, limit + 1])
    return some if len(some) > limit else None


def fitting(
    connection: Connection, record: Record[Any], wanted: RecordQuery, asked: ShapedQuery, most: int
) -> tuple[int, bool] | None:
    """How many of the first that are found fit, up to `most`, and whether these are all; None
    where no few grams have what is looked for.
    """
    spelt, wanted = _spelt(connection, asked, wanted), wanted._replace(after=(), sort=ordered(()))
    if not spelt.grams:
        return None
    near = Near(record, wanted, asked, spelt, _name(connection))
    statement = FITTING.get(connection, near.shape, near.fitting)
    found = len(statement.rows(connection, [*near.values, FIRST, most]))
    if found >= most:
        return found, False
    return found, finding.how_many(connection, near.grams, spelt.grams[0], FIRST) < FIRST


def _name(connection: Connection) -> str:
    return connection.dialect.name


def _spelt(connection: Connection, asked: ShapedQuery, wanted: RecordQuery) -> Spelt:
    grams = asked.parts[0].grams
    if grams is None or not wanted.words:
        return Spelt((), ())
    return finding.spelt(connection, grams, " ".join(wanted.words))


class InTurn(Join):
    """SQLite takes the rows of the left one by one, in their order, and no more than are needed."""

    inherit_cache = True


@compiles(InTurn, "sqlite")
def _cross(join: InTurn, compiler: Any, **asked: Any) -> str:
    asked.update(asfrom=True, from_linter=None)
    left, right = (compiler.process(one, **asked) for one in (join.left, join.right))
    asked.pop("asfrom")
    return f"{left} CROSS JOIN {right} ON {compiler.process(join.onclause, **asked)}"


@dataclass(frozen=True)
class Near:
    record: Record[Any]
    wanted: RecordQuery
    asked: ShapedQuery
    spelt: Spelt
    dialect: str
    one_by_one: bool = False
    """Whether a gram is looked up for each thing by itself, whatever PostgreSQL takes for shorter.
    """

    @property
    def shape(self) -> Any:
        return self.asked.like, self.spelt.shape, self.one_by_one

    @property
    def values(self) -> list[Any]:
        return [*self.asked.at, *self.asked.given, *self.spelt.values]

    @property
    def by_gram(self) -> bool:
        """Whether a gram has things in the order that is wanted."""
        return bool(self.spelt.grams) and self.wanted.sort[0].field == "id"

    @property
    def by_index(self) -> bool:
        """Whether indexes alone tell if a thing has what is looked for."""
        return bool(self.spelt.grams) and not self.spelt.texts and not self.by_gram

    @property
    def grams(self) -> Table:
        grams = self.asked.parts[0].grams
        assert grams is not None
        return grams

    @cached_property
    def looked_for(self) -> Binds:
        return standing_for("near", self.spelt.values)

    @cached_property
    def after(self) -> Binds:
        return standing_for("after", self.wanted.after)

    @cached_property
    def first(self) -> BindParameter[Any]:
        return prepared.value("first", FIRST)

    @property
    def following(self) -> list[ColumnElement[bool]]:
        """That things come after those of the pages before."""
        table = self.asked.today
        order = [(key_of(self.record, table, s.field), s.descending) for s in self.wanted.sort]
        return [beyond(order, self.after)] if self.after else []

    @cached_property
    def conditions(self) -> list[ColumnElement[bool]]:
        return conditions_of(self.record, self.asked.today, self.asked.parts[0], self.wanted)

    @property
    def binds(self) -> list[BindParameter[Any]]:
        """In the order of `values`."""
        own = prepared.own_binds(self.conditions, self.asked.today)
        return [*self.asked.moment, *own, *self.looked_for]

    def page(self) -> tuple[Select[Any], Binds]:
        table, limit = self.asked.today, prepared.value("most", self.wanted.limit)
        some = self._of_grams() if self.by_gram else self._of_order()
        keys = [some.c[name] for name in self._keys]
        named = [one.label(f"key_{number}") for number, one in enumerate(keys)]
        query = selected(self.record, Then(table, [], self.grams)).add_columns(*named)
        query = query.select_from(self.joined(some)).where(*self.where(some)).limit(limit)
        if self.dialect != "sqlite":  # which hands them on as they come; PostgreSQL may not
            by = zip(keys, self.wanted.sort, strict=True)
            query = query.order_by(*(directed(key, down=one.descending) for key, one in by))
        return query, [*self.binds, *self.after, self.first, limit]

    def fitting(self) -> tuple[Select[Any], Binds]:
        some, most = self._of_grams(), prepared.value("most", 0)
        query = select(some.c.stream).select_from(self.joined(some)).where(*self.where(some))
        return query.limit(most), [*self.binds, self.first, most]

    @property
    def _keys(self) -> Sequence[str]:
        if self.by_gram:
            return "stream", "log"
        return [f"by_{number}" for number in range(len(self.wanted.sort))]

    def joined(self, some: Subquery) -> FromClause:
        table = self.asked.today
        if "place" in some.c:
            return InTurn(some, table, literal_column(f"{table.name}.rowid") == some.c.place)
        return InTurn(some, table, _same(table, some) & (table.c.ended == STILL))

    def where(self, some: Subquery, *, led: bool | None = None) -> list[ColumnElement[bool]]:
        """What is asked besides, and whether a thing has all that is looked for; `led` by the
        first gram, it has that.
        """
        values, there = iter(self.looked_for), self.asked.parts[0].there[1:]
        found = list(self._having(values, some, self.by_gram if led is None else led))
        texts = [self.asked.today.c.found_by.like(one, escape=finding.ESCAPE) for one in values]
        return [*found, *there, *self.conditions, *texts]

    def _having(
        self, values: Iterator[BindParameter[Any]], some: FromClause, led: bool
    ) -> Iterator[ColumnElement[bool]]:
        for number, one in enumerate(self.spelt.grams):
            any_of = self.any_of([next(values) for _ in one])
            if number or not led:
                having = select(1).where(any_of, _same(self.grams, some))
                yield exists(having.offset(NO_OFFSET) if self.one_by_one else having)

    def any_of(self, values: Binds) -> ColumnElement[bool]:
        column = self.grams.c.gram
        return column == values[0] if len(values) == 1 else column.in_(values)

    def _of_order(self) -> Subquery:
        """The first of all things, by what an index has of them alone."""
        table, sort = self.asked.today, self.wanted.sort
        keys = [key_of(self.record, table, one.field) for one in sort]
        sqlite = self.dialect == "sqlite"
        place = [literal_column("rowid").label("place")] if sqlite else list[ColumnElement[Any]]()
        named = [key.label(name) for key, name in zip(keys, self._keys, strict=True)]
        every = select(*place, table.c.stream, table.c.log, *named).where(table.c.ended == STILL)
        every = every.where(*self.following)
        by = [directed(key, down=one.descending) for key, one in zip(keys, sort, strict=True)]
        return every.order_by(*by).limit(self.first).subquery("near")

    def _of_grams(self) -> Subquery:
        """The first things that have one of some grams, by their ids: each gram has them so."""
        grams, down = self.grams, self.wanted.sort[0].descending
        each = list[Select[Any]]()
        for gram in self.looked_for[: len(self.spelt.grams[0])]:
            one = select(grams.c.stream, grams.c.log).where(grams.c.gram == gram)
            if self.after:
                one = one.where(beyond([(grams.c.stream, down), (grams.c.log, False)], self.after))
            each.append(one)
        if len(each) == 1:
            return self._first(each[0], grams)
        if self.dialect == "sqlite":  # it merges what is united, and PostgreSQL what is appended
            merged = union(*each)
            columns = merged.selected_columns
            by = directed(columns.stream, down=down), columns.log.asc()
            return merged.order_by(*by).limit(self.first).subquery("near")
        every = union_all(*each).subquery()
        return self._first(select(every.c.stream, every.c.log).distinct(), every)

    def _first(self, things: Select[Any], rows: FromClause) -> Subquery:
        by = directed(rows.c.stream, down=self.wanted.sort[0].descending), rows.c.log.asc()
        return things.order_by(*by).limit(self.first).subquery("near")


def _same(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    return (one.c.stream == other.c.stream) & (one.c.log == other.c.log)
