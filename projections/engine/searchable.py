"""Records that an older build left without an index are made searchable.

It is done where tables are brought up to date. Workers of the older build must have ended: they
would leave out what their events are found by.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, Table, inspect, select

from infra import bulk
from projections.engine import search, words

if TYPE_CHECKING:
    from projections.engine.record import Record

FEW = 2_000
"""Things whose versions are taken at a time."""
KEY = ("stream", "position", "happened", "log")


def complete(record: "Record[Any]", connection: Connection, generation: int) -> None:
    """Say of every version what it is found by, and fill the index, where there was none."""
    from projections.engine.record import FOREVER  # here: records are made searchable by this

    table, grams = record.every_table(generation)
    column = table.c.found_by
    if column.name in {known["name"] for known in inspect(connection).get_columns(table.name)}:
        return
    kind = column.type.compile(connection.dialect)
    connection.exec_driver_sql(ADD.format(table.name, kind))
    names = [name for name, one in record.fields.items() if one.mark.searched]
    for rows in _versions(connection, table, names):
        texts = [words.found_by([row.id, *(getattr(row, name) for name in names)]) for row in rows]
        _say(connection, table, rows, texts)
        now = [pair for pair in zip(rows, texts, strict=True) if pair[0].ended == FOREVER]
        made = [search.Changed(row.log, row.stream, "", text) for row, text in now]
        search.update(connection, grams, made)


def _versions(
    connection: Connection, table: Table, names: Sequence[str]
) -> Iterator[Sequence[Row[Any]]]:
    """All versions of a few things at a time."""
    told = [table.c[name] for name in (*KEY, "id", "ended", *names)]
    streams = select(table.c.stream).distinct().order_by(table.c.stream).limit(FEW)
    last = ""
    while few := connection.execute(streams.where(table.c.stream > last)).scalars().all():
        last = few[-1]
        yield connection.execute(select(*told).where(table.c.stream.in_(few))).all()


def _say(
    connection: Connection, table: Table, rows: Sequence[Row[Any]], texts: Sequence[str]
) -> None:
    said = [(text, *row[: len(KEY)]) for row, text in zip(rows, texts, strict=True)]
    if connection.dialect.name == "postgresql":
        bulk.change(connection, SAY_POSTGRES.format(table.name), said)
    else:
        connection.exec_driver_sql(SAY_SQLITE.format(table.name), said)


ADD = "ALTER TABLE {} ADD COLUMN found_by {} NOT NULL DEFAULT ''"
SAY_SQLITE = "UPDATE {} SET found_by=? WHERE stream=? AND position=? AND happened=? AND log=?"
SAY_POSTGRES = (
    "UPDATE {} AS t SET found_by=v.found_by FROM (VALUES %s)"
    " AS v (found_by, stream, position, happened, log) WHERE t.stream=v.stream"
    " AND t.position=v.position AND t.happened=v.happened AND t.log=v.log"
)
