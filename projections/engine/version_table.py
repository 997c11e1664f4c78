"""The table of a record's versions: its columns, and the indexes by which they are found."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    literal_column,
)

from projections.engine import name_order
from projections.engine.search import AS_BYTES

if TYPE_CHECKING:
    from projections.engine.record import Record

FOREVER = 2**63 - 1
STILL: ColumnElement[int] = literal_column(str(FOREVER))
"""Of what is so now. A literal: SQLite does not see that a parameter fits a partial index."""
OWN = ("log", "stream", "id", "version", "position", "happened", "ended", "type", "recorded_at")
"""The columns that every record has besides the fields of its rows, and `FOUND_BY`."""
FOUND_BY = "found_by"
"""The column of the words that a version is searched by."""


@lru_cache(maxsize=256)
def versions(record: "Record[Any]", generation: int) -> Table:
    name, numbers = f"{record.name}_{generation}_versions", OWN[3:7]
    columns = [
        Column(own, BigInteger() if own in (*numbers, "recorded_at") else AS_BYTES, nullable=False)
        for own in (*OWN, FOUND_BY)
    ]
    for known in record.fields.values():
        kind = BigInteger() if known.type is int else AS_BYTES
        columns.append(Column(known.name, kind, nullable=known.optional))
    columns += [Column(name, AS_BYTES, nullable=False) for name in record.derived[1:]]
    key = PrimaryKeyConstraint("stream", "position", "happened", "log")
    table = Table(name, MetaData(), *columns, key)
    now = table.c.ended == STILL
    Index(f"{name}_now", table.c.stream, table.c.log, postgresql_where=now, sqlite_where=now)
    Index(f"{name}_position", table.c.position)
    Index(f"{name}_happened", *(table.c[one] for one in ("stream", "happened", "position", "log")))
    # What has changed since an instant is found by it, however much has not.
    Index(f"{name}_since", table.c.happened, postgresql_where=now, sqlite_where=now)
    indexed = [known for known in record.fields.values() if known.mark.indexed]
    read = [name_order.column_of(known.name) for known in indexed if known.mark.by_reading]
    for one in (*(known.name for known in indexed), *read):
        by = table.c[one], table.c.stream, table.c.log
        Index(f"{name}_{one}", *by, postgresql_where=now, sqlite_where=now)
    return table
