"""Rows of a record as they are shown: instants as text, lists as lists."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Select, select

from infra.clock import iso
from projections.engine.hiding import without
from projections.engine.record import Record
from projections.engine.versions_as_of import Then

decode = msgspec.json.Decoder().decode
Row = dict[str, Any]


def selected(record: Record[Any], then: Then) -> Select[Any]:
    """The columns that a row is shown from, in the order of `_names`."""
    names = "id", *record.fields, "version", "position", "happened", "recorded_at"
    return select(*(then.rows.c[name] for name in names)).where(*then.there)


@cache
def names_of(record: Record[Any]) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
    """As a row is shown: all of its names, those of instants, and those of lists."""
    fields, times = record.fields.items(), ("occurred_at", "recorded_at")
    names = "id", *record.fields, "version", "position", *times
    instants = *(name for name, known in fields if known.mark.instant), *times
    return names, instants, [name for name, known in fields if known.nested]


def shown(record: Record[Any], rows: Iterable[Sequence[Any]]) -> list[Row]:
    names, instants, lists = names_of(record)
    # After the names come the keys of the order.
    shown: list[Row] = [dict(zip(names, row, strict=False)) for row in rows]
    for row in shown:
        for name in instants:
            if (at := row[name]) is not None:
                row[name] = iso(at)
        for name in lists:
            row[name] = nested(record, row[name])
    return shown


def nested(record: Record[Any], text: str) -> Any:
    """A list that a column has, without what its reader may not see."""
    value, hidden = decode(text), record.hidden_within
    return without(value, hidden) if hidden else value
