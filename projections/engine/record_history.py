"""The history of a thing: what each of its events changed."""

from typing import Any

from sqlalchemy import Connection, RowMapping, select

from infra.clock import iso
from projections.engine import generations
from projections.engine.reading import AsOf
from projections.engine.record import Record
from projections.engine.record_rows import Row, nested


def position_of(connection: Connection, record: Record[Any], id: str, version: int) -> int | None:
    """The position of the event that led to a version."""
    table = record.versions(generations.generation(connection, record.name))
    mine = table.c.stream == record.kind.stream(id), table.c.version == version
    found: int | None = connection.execute(select(table.c.position).where(*mine)).scalar()
    return found


def history(
    connection: Connection, record: Record[Any], id: str, as_of: AsOf, after: int, limit: int
) -> list[Row]:
    """What each event of a thing changed, in the order of the log: old and new of each field.

    An event told late is compared with what was true at its own instant, as known before it.
    """
    table = record.versions(generations.generation(connection, record.name))
    known = [] if as_of.position is None else [table.c.position <= as_of.position]
    query = select(table).where(table.c.stream == record.kind.stream(id), *known)
    rows = connection.execute(query.order_by(table.c.position, table.c.happened)).mappings().all()
    found, slices, seen = list[Row](), dict[int, Row](), -1
    for row in rows:
        now = {name: _value(record, name, row[name]) for name in record.fields}
        if row["position"] != seen:  # those that follow are later states, made anew
            seen = row["position"]
            since = max((one for one in slices if one <= row["happened"]), default=None)
            before = {} if since is None else slices[since]
            changes = {
                name: {"from": before.get(name), "to": value}
                for name, value in now.items()
                if before.get(name) != value
            }
            found.append({**_envelope(row), "type": row["type"], "changes": changes})
        slices[row["happened"]] = now
    return [row for row in found if row["position"] > after][:limit]


def _value(record: Record[Any], name: str, value: Any) -> Any:
    known = record.fields[name]
    if known.nested:
        return nested(record, value)
    return iso(value) if known.mark.instant and value is not None else value


def _envelope(row: RowMapping) -> Row:
    return {
        "version": row["version"],
        "position": row["position"],
        "occurred_at": iso(row["happened"]),
        "recorded_at": iso(row["recorded_at"]),
    }
