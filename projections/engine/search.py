"""The index of a record's search: the grams of what each thing is found by now.

A gram of Chinese characters is one character and the one after it; any other is a word, or
pinyin, to its end. So each piece that is looked for is one gram, or the beginning of some, but
for a part of a Chinese text of three characters or more, which is several of them and is looked
for in the text as well.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    MetaData,
    PrimaryKeyConstraint,
    Select,
    Table,
    Text,
    false,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.dialects import postgresql

from infra import bulk
from projections.engine import words

AS_BYTES = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
"""Text in the order of its bytes, which is one order on both databases."""
LAST = "\U0010ffff"
"""Comes after every character."""
MANY = 1_000
"""A gram of fewer things than these is looked up alone, and what else is asked in their texts."""


class Changed(NamedTuple):
    """What a thing was found by, and is now; empty where it is not there."""

    log: str
    stream: str
    before: str
    now: str


@lru_cache(maxsize=256)
def grams(record: str, generation: int) -> Table:
    names = "gram", "stream", "log"
    columns = [Column(name, AS_BYTES, nullable=False) for name in names]
    key = PrimaryKeyConstraint(*names)
    return Table(f"{record}_{generation}_grams", MetaData(), *columns, key, sqlite_with_rowid=False)


def update(connection: Connection, table: Table, changes: Iterable[Changed]) -> None:
    """Add what is new in each thing, and remove what is no longer so."""
    added, removed = list[tuple[str, str, str]](), list[tuple[str, str, str]]()
    for log, stream, before, now in changes:
        if before == now:
            continue
        old, new = words.grams(before), words.grams(now)
        added += [(gram, stream, log) for gram in new - old]
        removed += [(gram, stream, log) for gram in old - new]
    if removed and connection.dialect.name == "postgresql":
        bulk.change(connection, REMOVE_POSTGRES.format(table.name), sorted(removed))
    elif removed:
        connection.exec_driver_sql(REMOVE_SQLITE.format(table.name), sorted(removed))
    bulk.insert(connection, table, sorted(added))


def found(
    connection: Connection, table: Table, rows: FromClause, asked: str
) -> list[ColumnElement[bool]]:
    """Which of the rows, that are so now, have all the pieces that are asked for."""
    pieces = words.pieces(asked)
    looked_up = {piece: _grams(table, piece) for piece in pieces}
    every = [one for some in looked_up.values() for one in some]
    few = every if len(every) < 2 else _rarest(connection, table, every)
    same = tuple_(rows.c.stream, rows.c.log)
    there = [same.in_(select(table.c.stream, table.c.log).where(one)) for one in few]
    in_text = [
        _in(rows, piece)
        for piece, some in looked_up.items()
        if len(some) > 1 or not any(one is chosen for one in some for chosen in few)
    ]
    return [*there, *in_text] or [false()]


def read(rows: FromClause, asked: str) -> list[ColumnElement[bool]]:
    """The same of any rows, by looking at each."""
    return [_in(rows, piece) for piece in words.pieces(asked)] or [false()]


def _in(rows: FromClause, piece: str) -> ColumnElement[bool]:
    return rows.c.found_by.contains(words.within(piece), autoescape=True)


def _grams(table: Table, piece: str) -> list[ColumnElement[bool]]:
    gram = table.c.gram
    if not words.is_chinese(piece) or len(piece) == 1:
        return [gram.between(piece, piece + LAST)]
    return [gram == one for one in dict.fromkeys(words.pairs(piece)) if len(one) > 1]


def _rarest(
    connection: Connection, table: Table, every: Sequence[ColumnElement[bool]]
) -> Sequence[ColumnElement[bool]]:
    """The one that the fewest things have; all of them where each is in many."""
    counts = [_count(table, one, number) for number, one in enumerate(every)]
    rows = connection.execute(union_all(*counts).order_by("many", "number")).all()
    number, many = rows[0]
    return [every[number]] if many < MANY else every


def _count(table: Table, one: ColumnElement[bool], number: int) -> Select[int, int]:
    some = select(literal(1)).select_from(table).where(one).limit(MANY).subquery()
    return select(literal(number).label("number"), func.count().label("many")).select_from(some)


REMOVE_SQLITE = "DELETE FROM {} WHERE gram=? AND stream=? AND log=?"
REMOVE_POSTGRES = (
    "DELETE FROM {} AS t USING (VALUES %s) AS v (gram, stream, log)"
    " WHERE t.gram=v.gram AND t.stream=v.stream AND t.log=v.log"
)
