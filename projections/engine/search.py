"""The index of a record's search: the grams of what each thing is found by now.

A gram of Chinese characters is one character and the one after it; any other is a word, or
pinyin, to its end. So each piece that is looked for is one gram, or the beginning of some, but
for a part of a Chinese text of three characters or more, which is several of them and is looked
for in the text as well.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, Table, Text
from sqlalchemy.dialects import postgresql

from infra import bulk
from projections.engine import words

AS_BYTES = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
"""Text in the order of its bytes, which is one order on both databases."""


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


REMOVE_SQLITE = "DELETE FROM {} WHERE gram=? AND stream=? AND log=?"
REMOVE_POSTGRES = (
    "DELETE FROM {} AS t USING (VALUES %s) AS v (gram, stream, log)"
    " WHERE t.gram=v.gram AND t.stream=v.stream AND t.log=v.log"
)
