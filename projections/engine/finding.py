"""Which things have all that is asked for: by the index of the search, and in their texts."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Table,
    and_,
    false,
    func,
    literal,
    select,
    tuple_,
    union_all,
)

from projections.engine import prepared, words
from projections.engine.prepared import Prepared

LAST = "\U0010ffff"
"""Comes after every character."""
MANY = 1_000
"""A gram of fewer things than these is looked up alone, and what else is asked in their texts."""
SEVERAL = 8
"""Words that a beginning stands for, and that are looked up one by one."""
ESCAPE = "/"
Span = tuple[str, ...]
"""One gram, or the first and the last of some."""


class Sought(NamedTuple):
    """What is looked up in the index, and what in the texts of what that has."""

    spans: Sequence[Span]
    texts: Sequence[str]

    @property
    def shape(self) -> tuple[int, ...]:
        """Alike where the conditions are, but for their values."""
        return *map(len, self.spans), -len(self.texts)

    @property
    def values(self) -> list[Any]:
        return [*(gram for span in self.spans for gram in span), *map(_pattern, self.texts)]

    def conditions(
        self,
        table: Table | None,
        rows: FromClause,
        values: Iterator[Any],
        *,
        joined: bool = False,
    ) -> list[ColumnElement[bool]]:
        """Of things that are so now; without the index, of any rows. `values` are `self.values`,
        or what stands for them. With the index `joined`, a thing comes once for each gram of the
        first span that it has, and the rest of that span is not read where few are asked for.
        """
        there = list[ColumnElement[bool]]()
        if table is not None:
            mine, both = (rows.c.stream, rows.c.log), (table.c.stream, table.c.log)
            found = [_within(table, [next(values) for _ in span]) for span in self.spans]
            if joined:
                same = (one == other for one, other in zip(mine, both, strict=True))
                there.append(and_(found.pop(0), *same))
            there += [tuple_(*mine).in_(select(*both).where(one)) for one in found]
        texts = [rows.c.found_by.like(next(values), escape=ESCAPE) for _ in self.texts]
        return [*there, *texts] or [false()]


class Spelt(NamedTuple):
    """What is looked for by whole grams, of each piece any of some, and what in texts."""

    grams: Sequence[Sequence[str]]
    texts: Sequence[str]

    @property
    def shape(self) -> tuple[int, ...]:
        return *map(len, self.grams), -len(self.texts)

    @property
    def values(self) -> list[str]:
        return [*(one for several in self.grams for one in several), *map(_pattern, self.texts)]


def spelt(connection: Connection, table: Table, asked: str) -> Spelt:
    """The beginning of a word is spelt out where few words have it; else it is in the texts."""
    grams, texts = list[Sequence[str]](), list[str]()
    for piece in words.pieces(asked):
        spans = _spans(piece)
        if len(spans[0]) == 1:
            grams += spans
        elif 0 < len(found := _beginning(connection, table, spans[0])) <= SEVERAL:
            grams.append(found)
        else:
            texts.append(piece)
        if len(spans) > 1:
            texts.append(piece)
    return Spelt(grams, texts)


def how_many(connection: Connection, table: Table, any_of: Sequence[str], most: int) -> int:
    """Of how many rows the index has one of the grams, counted up to `most`."""
    counting = _counting(table, connection.dialect.name, (1,) * len(any_of))
    given = [value for gram in any_of for value in (gram, most)]
    return sum(many for _, many in counting.rows(connection, given))


def _beginning(connection: Connection, table: Table, span: Span) -> list[str]:
    """The grams of a span, and one more than several at most."""
    leaping = _leaping(table, connection.dialect.name)
    found = leaping.rows(connection, [*span, span[1], SEVERAL + 1])
    return [gram for (gram,) in found]


@lru_cache(maxsize=256)
def _leaping(table: Table, dialect: str) -> Prepared:
    """Each gram of a span once: from one to the next, however many things have it."""
    first, last = prepared.value("first", ""), prepared.value("last", "")
    end, most = prepared.value("end", ""), prepared.value("most", SEVERAL)
    begin = select(func.min(table.c.gram).label("gram")).where(table.c.gram.between(first, last))
    found = begin.cte("found", recursive=True)
    later = table.c.gram > found.c.gram, table.c.gram <= end
    following = select(func.min(table.c.gram)).where(*later).scalar_subquery()
    found = found.union_all(select(following).where(found.c.gram.is_not(None)))
    query = select(found.c.gram).where(found.c.gram.is_not(None)).limit(most)
    return prepared.prepare(query, [first, last, end, most], dialect)


def sought(connection: Connection, table: Table | None, asked: str) -> Sought:
    """With the index: the piece that the fewest things have, or all where each is in many."""
    pieces = words.pieces(asked)
    if table is None:
        return Sought((), pieces)
    looked_up = [(piece, _spans(piece)) for piece in pieces]
    every = [span for _, spans in looked_up for span in spans]
    few = every if len(every) < 2 else _rarest(connection, table, every)
    texts = [piece for piece, spans in looked_up if len(spans) > 1 or spans[0] not in few]
    return Sought(few, texts)


def _spans(piece: str) -> list[Span]:
    if not words.is_chinese(piece) or len(piece) == 1:
        return [(piece, piece + LAST)]
    return [(one,) for one in dict.fromkeys(words.pairs(piece)) if len(one) > 1]


def is_common(connection: Connection, table: Table, found: Sought) -> bool:
    """Whether what is looked up in the index is all in many things."""
    return bool(found.spans) and _fewest(connection, table, found.spans)[1] >= MANY


def _rarest(connection: Connection, table: Table, every: Sequence[Span]) -> Sequence[Span]:
    """The one that the fewest things have; all of them where each is in many."""
    number, many = _fewest(connection, table, every)
    return [every[number]] if many < MANY else every


def _fewest(connection: Connection, table: Table, every: Sequence[Span]) -> tuple[int, int]:
    """Which span is in the fewest things, and how many these are, counted up to `MANY`."""
    counting = _counting(table, connection.dialect.name, tuple(map(len, every)))
    given = [value for span in every for value in (*span, MANY)]
    number, many = counting.rows(connection, given)[0]
    return number, many


@lru_cache(maxsize=256)
def _counting(table: Table, dialect: str, sizes: Sequence[int]) -> Prepared:
    """How many things have each, the fewest first, counted no further than given."""
    counts, binds = [], []
    for number, size in enumerate(sizes):
        span = [prepared.value(f"gram_{number}_{end}", "") for end in range(size)]
        most = prepared.value(f"most_{number}", 0)
        counts.append(_count(_within(table, span), number, most))
        binds += [*span, most]
    return prepared.prepare(union_all(*counts).order_by("many", "number"), binds, dialect)


def _count(which: ColumnElement[bool], number: int, most: Any) -> Select[int, int]:
    some = select(literal(1)).where(which).limit(most).subquery()
    return select(literal(number).label("number"), func.count().label("many")).select_from(some)


def _within(table: Table, span: Sequence[Any]) -> ColumnElement[bool]:
    """By equality things come in their order."""
    return table.c.gram.between(*span) if len(span) > 1 else table.c.gram == span[0]


def _pattern(piece: str) -> str:
    return f"%{_escaped(words.within(piece))}%"


def _escaped(text: str) -> str:
    for sign in (ESCAPE, "%", "_"):
        text = text.replace(sign, ESCAPE + sign)
    return text
