"""Records that an older build left are given what follows from their fields: what each version is
found by, and how its names are read.

It is done where tables are brought up to date. Workers of the older build must have ended: they
would leave out what their events are found and sorted by.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, Table, inspect, select

from infra import bulk
from projections.engine import search
from projections.engine.version_table import FOREVER, FOUND_BY

if TYPE_CHECKING:
    from projections.engine.record import Record

FEW = 2_000
"""Things whose versions are taken at a time."""
KEY = ("stream", "position", "happened", "log")


def complete(record: "Record[Any]", connection: Connection, generation: int) -> None:
    """Add the derived columns that are missing, and fill the index where there was none."""
    table, grams = record.every_table(generation)
    there = {known["name"] for known in inspect(connection).get_columns(table.name)}
    missing = [name for name in record.derived if name not in there]
    if not missing:
        return
    for name in missing:
        kind = table.c[name].type.compile(connection.dialect)
        connection.exec_driver_sql(ADD.format(table.name, name, kind))
    for rows in _versions(connection, table, list(record.fields)):
        derived = [record.derive(row.id, row[-len(record.fields) :]) for row in rows]
        _write(connection, table, missing, rows, derived)
        if FOUND_BY in missing:
            _index(connection, grams, rows, [one[FOUND_BY] for one in derived])


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


def _write(
    connection: Connection,
    table: Table,
    names: Sequence[str],
    rows: Sequence[Row[Any]],
    derived: Sequence[dict[str, str]],
) -> None:
    values = [
        (*(one[name] for name in names), *row[: len(KEY)])
        for row, one in zip(rows, derived, strict=True)
    ]
    if connection.dialect.name == "postgresql":
        sets = ",".join(f"{name}=v.{name}" for name in names)
        statement = WRITE_POSTGRES.format(table.name, sets, ",".join(names))
        bulk.change(connection, statement, values)
    else:
        sets = ",".join(f"{name}=?" for name in names)
        connection.exec_driver_sql(WRITE_SQLITE.format(table.name, sets), values)


def _index(
    connection: Connection, grams: Table, rows: Sequence[Row[Any]], texts: Sequence[str]
) -> None:

    now = (pair for pair in zip(rows, texts, strict=True) if pair[0].ended == FOREVER)
    search.update(
        connection, grams, [search.Changed(row.log, row.stream, "", text) for row, text in now]
    )


ADD = "ALTER TABLE {} ADD COLUMN {} {} NOT NULL DEFAULT ''"
WRITE_SQLITE = "UPDATE {} SET {} WHERE stream=? AND position=? AND happened=? AND log=?"
WRITE_POSTGRES = (
    "UPDATE {} AS t SET {} FROM (VALUES %s) AS v ({}, stream, position, happened, log)"
    " WHERE t.stream=v.stream AND t.position=v.position AND t.happened=v.happened AND t.log=v.log"
)
