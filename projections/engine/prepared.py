"""Statements that are made once for each shape of a question, and sent again with its values.

To make a statement, and to have it made anew by the library from what it remembers, takes longer
than most answers.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Connection,
    Dialect,
    FromClause,
    Select,
    bindparam,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg2

from infra import bulk

MOST = 1_000
"""Statements that are kept; whoever asks in more ways has them made anew."""
Row = tuple[Any, ...]
Query = Select[Any] | CompoundSelect[*tuple[Any, ...]]
Part = ColumnElement[Any] | FromClause | Query


class Apart(NamedTuple):
    """Conditions apart from their values: alike where the statements are."""

    key: Hashable
    binds: Sequence[BindParameter[Any]]


class Prepared(NamedTuple):
    """A statement as the driver takes it: `places` say where its values are among those given, and
    those that it has by itself, which come after them.
    """

    text: str
    places: Sequence[int]
    own: Sequence[Any]
    names: Sequence[str]
    """Of its columns."""

    def rows(self, connection: Connection, given: Sequence[Any]) -> Sequence[Row]:
        values = [*given, *self.own]
        return bulk.driven(connection, self.text, [values[place] for place in self.places])


@dataclass
class Statements:
    """The statements of one kind of question."""

    made: dict[Hashable, Prepared] = field(default_factory=dict)

    def get(
        self,
        connection: Connection,
        shape: Hashable,
        make: Callable[[], tuple[Query, Sequence[BindParameter[Any]]]],
    ) -> Prepared:
        """`make` answers the statement, and what stands in it for the values in their order."""
        name = connection.dialect.name
        found = self.made.get((name, shape))
        if found is None:
            if len(self.made) >= MOST:
                self.made.clear()
            found = self.made[name, shape] = prepare(*make(), name)
        return found


DEFERRED = Statements()


class DeferredQuery(NamedTuple):
    """What is asked, with its values; the query is built where none of its shape is known."""

    shape: Hashable
    binds: Sequence[BindParameter[Any]]
    """Stand for the values in the query, and have them."""
    query: Callable[[], Select[Any]]

    def tuples(self, connection: Connection) -> Sequence[Row]:
        return self._prepared(connection).rows(connection, values(self.binds))

    def rows(self, connection: Connection) -> list[dict[str, Any]]:
        """By the names of the columns."""
        prepared = self._prepared(connection)
        found = prepared.rows(connection, values(self.binds))
        return [dict(zip(prepared.names, row, strict=True)) for row in found]

    def _prepared(self, connection: Connection) -> Prepared:
        return DEFERRED.get(connection, self.shape, lambda: (self.query(), self.binds))


def deferred(
    what: Hashable,
    parts: Iterable[Part],
    query: Callable[[], Select[Any]],
) -> DeferredQuery:
    """`parts` are all of the query that has values; `what` tells the rest from other queries."""
    apart = shape(parts)
    return DeferredQuery((what, apart.key), apart.binds, query)


def built(query: Select[Any]) -> DeferredQuery:
    """A query that is built already."""
    known = shape([query])
    return DeferredQuery(known.key, known.binds, lambda: query)


def value(name: str, example: Any) -> BindParameter[Any]:
    """Stands for a value in a statement."""
    return bindparam(name, example)


def shape(conditions: Iterable[Part]) -> Apart:
    keys, binds = list[Hashable](), list[BindParameter[Any]]()
    for one in conditions:
        key, mine = _apart(one)
        keys.append((key, tuple(len(_values(bind)) for bind in mine)))
        binds += mine
    return Apart(tuple(keys), binds)


def own_binds(
    conditions: Iterable[ColumnElement[bool]], rows: FromClause
) -> list[BindParameter[Any]]:
    """What stands for the values of the conditions, without what the rows have by themselves."""
    others = {id(bind) for bind in _apart(rows)[1]}
    return [bind for bind in shape(conditions).binds if id(bind) not in others]


def _apart(element: Part) -> tuple[Hashable, list[BindParameter[Any]]]:
    known = element._generate_cache_key()  # noqa: SLF001 - as its own documentation does
    assert known is not None, f"{element} has no shape"
    return known.key, list(known.bindparams)


def values(binds: Iterable[BindParameter[Any]]) -> list[Any]:
    """One after another; of those that stand for several, each."""
    return [one for bind in binds for one in _values(bind)]


def _values(bind: BindParameter[Any]) -> Sequence[Any]:
    several: Any = bind.value
    return several if bind.expanding else (several,)


def prepare(query: Query, binds: Sequence[BindParameter[Any]], dialect: str) -> Prepared:
    """The values will be given in the order of `binds`."""
    compiled: Any = query.compile(dialect=_dialect(dialect))
    made = compiled.construct_expanded_state(escape_names=False)
    named = (compiled.bind_names[bind] for bind in binds)
    given = [one for name in named for one in made.parameter_expansion.get(name, [name])]
    own = [name for name in dict.fromkeys(made.positiontup) if name not in given]
    place = {name: number for number, name in enumerate([*given, *own])}
    constants = [made.parameters[name] for name in own]
    names = [str(column.key) for column in query.selected_columns]
    return Prepared(made.statement, [place[name] for name in made.positiontup], constants, names)


@cache
def _dialect(name: str) -> Dialect:
    if name == "sqlite":
        return sqlite.dialect()
    return psycopg2.dialect(paramstyle="format")  # type: ignore[no-untyped-call]
