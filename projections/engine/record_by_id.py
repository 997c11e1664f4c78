"""Things looked up by their ids: one of them, what they are called, which are within a scope."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, select

from aggregates.conditions import Tree
from projections.engine import generations, parking, prepared
from projections.engine.prepared import Statements
from projections.engine.reading import NOW, AsOf
from projections.engine.record import Record
from projections.engine.record_conditions import sql
from projections.engine.record_rows import Row, selected, shown
from projections.engine.version_table import STILL
from projections.engine.versions_as_of import MOMENT, of_any_moment, versions

SINGLE = Statements()
STREAM = prepared.value("stream", "")


def one(connection: Connection, record: Record[Any], id: str, as_of: AsOf) -> Row | None:
    """A thing, or None where it was not there."""
    number, dialect = generations.generation(connection, record.name), connection.dialect.name
    kind = as_of.position is not None, as_of.occurred_at is not None

    def statement() -> tuple[Select[Any], Sequence[BindParameter[Any]]]:
        (then,) = of_any_moment(record, number, dialect, *kind, "looked up")
        query = selected(record, then).where(then.rows.c.stream == STREAM)
        moment = [bind for bind, there in zip(MOMENT, kind, strict=True) if there]
        return query.order_by(then.rows.c.log).limit(1), [*moment, STREAM]

    single = SINGLE.get(connection, (record, number, kind), statement)
    given = [one for one in as_of if one is not None]
    rows = single.rows(connection, [*given, record.kind.stream(id)])
    return shown(record, rows)[0] if rows else None


def titles(
    connection: Connection, record: Record[Any], ids: Sequence[str], as_of: AsOf
) -> dict[str, str]:
    """What things are called, by their ids; those that were not there, or have no name, are not."""
    then, called = versions(connection, record, as_of), record.title
    assert called is not None, f"{record.name} have no name"
    column, names = then.rows.c, dict[str, str]()
    for few in parking.portions([record.kind.stream(each) for each in ids]):
        query = select(column.id, column[called]).where(column.stream.in_(few), *then.there)
        names |= {row[0]: row[1] for row in connection.execute(query) if row[1]}
    return names


def reached(
    connection: Connection, record: Record[Any], ids: Sequence[str], scope: Tree
) -> set[str]:
    """Those of the things that are within a scope as they are today."""
    table, found = versions(connection, record, NOW).rows, set[str]()
    for few in parking.portions([record.kind.stream(each) for each in ids]):
        mine = table.c.stream.in_(few), table.c.ended == STILL
        found.update(
            connection.execute(select(table.c.id).where(*mine, sql(record, table, scope))).scalars()
        )
    return found
