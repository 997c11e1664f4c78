"""What records tell of persons: found, and removed from every version at once.

A person is the thing itself, such as a member, or stands in a list of the thing under an id of
its own, such as a contact in its customer's contacts.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, inspect, select, update

from projections.engine import generations, search
from projections.engine.record import Record
from projections.engine.searchable import KEY
from projections.engine.version_table import FOREVER, FOUND_BY


def personal_fields(connection: Connection, record: Record[Any], id: str) -> list[dict[str, Any]]:
    """All that the record says of persons in a thing, of whatever version and generation."""
    fields = [name for name, one in record.fields.items() if one.mark.personal]
    found = []
    for table, _ in _tables(connection, record):
        query = select(*(table.c[name] for name in fields))
        rows = connection.execute(query.where(table.c.stream == record.kind.stream(id)))
        found += [dict(row) for row in rows.mappings() if any(row.values())]
    return found


def remove(connection: Connection, record: Record[Any], id: str, person: str | None = None) -> None:
    """Empty what tells of the thing's person, or of the one with that id in its lists.

    What is removed is removed from the search as well. It is in every version that was ever
    made, and in none afterwards; what is made anew from the log has what the log has.
    """
    for table, grams in _tables(connection, record):
        _remove(connection, record, (table, grams), record.kind.stream(id), person)


def _remove(
    connection: Connection,
    record: Record[Any],
    tables: tuple[Table, Table],
    stream: str,
    person: str | None,
) -> None:
    table, grams = tables
    mine = table.c.stream == stream
    for row in connection.execute(select(table).where(mine)).mappings().all():
        values = {
            name: _without(row[name], nested=one.nested, person=person)
            for name, one in record.fields.items()
            if one.mark.personal and (one.nested or person is None)
        }
        after = {**row, **values}
        told = record.shape(*(after[name] for name in record.fields))
        derived = record.derive(after["id"], told)
        place = [table.c[name] == row[name] for name in KEY]
        connection.execute(update(table).where(*place).values(values | derived))
        if row["ended"] == FOREVER:
            one = search.Changed(row["log"], row["stream"], row[FOUND_BY], derived[FOUND_BY])
            search.update(connection, grams, [one])


def _without(value: Any, *, nested: bool, person: str | None) -> Any:
    """Nothing; of a list only each one's id, or all but that one person."""
    if not nested:
        return None
    entries: list[dict[str, Any]] = msgspec.json.decode(value)
    return msgspec.json.encode(list(_kept(entries, person))).decode()


def _kept(entries: Sequence[dict[str, Any]], person: str | None) -> Iterable[dict[str, Any]]:
    for entry in entries:
        key, name = next(iter(entry.items()))
        yield {key: name} if person in (None, name) else entry


def _tables(connection: Connection, record: Record[Any]) -> Iterable[tuple[Table, Table]]:
    """Of every generation that there is, be it one that answers, did, or is being filled."""
    for number in generations.every(connection, record.name):
        tables = record.every_table(number)
        if inspect(connection).has_table(tables[0].name):
            yield tables
