"""Names beside ids: what an answer names is called as it was at the moment of the answer."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from aggregates.mentions import NAMED, PLACE, STANDS_FOR
from projections.engine import record_by_id
from projections.engine.reach import EVERYTHING
from projections.engine.record import Record
from services.access import masks, request_notes
from services.api.asking import ReadQuery
from services.api.freshness import ReadContext
from services.bootstrap import RECORDS
from services.exports.columns import Column, Row

NONE: Mapping[str, str] = {}
NAMES: Mapping[str, str] = {**NAMED, "department": "department", "region": "region"}
"""What a dimension names: departments and regions besides what events mention."""
TITLED = {record.kind.kind: record for record in RECORDS if record.title is not None}
Pages = Callable[[ReadContext], Iterator[Sequence[Row]]]
"""Reads all rows of one moment, some at a time."""
Names = dict[str, dict[str, str]]


def names_of(record: Record[Any]) -> dict[str, str]:
    """What kind of thing each field of a record names, where its mark says so."""
    return {name: one.mark.names for name, one in record.fields.items() if one.mark.names}


def expanded(
    seen: ReadContext, asked: ReadQuery, content: dict[str, Any], more: Mapping[str, str] = NONE
) -> dict[str, Any]:
    """The answer, with what its ids are called by the field they stand in, if that was asked for.

    `more` says of further fields what they name.
    """
    if asked.expand is None:
        return content
    found = content["data"] if "data" in content else content.get("rows", [])
    rows = found if isinstance(found, list) else [found]
    facets = content.get("facets", {}).items()
    rows = [*rows, *({name: v["value"]} for name, facet in facets for v in facet["values"])]
    return {**content, "names": named(seen, rows, {**NAMES, **more})}


def named(seen: ReadContext, rows: Iterable[Mapping[str, Any]], kinds: Mapping[str, str]) -> Names:
    ids = defaultdict[str, set[str]](set)
    for row in rows:
        for field, value in (*row.items(), *row.get("dimensions", {}).items()):
            if kinds.get(field) and value:
                ids[field].update([value] if isinstance(value, str) else value)
    return {field: _called(seen, kinds[field], some) for field, some in ids.items()}


def with_names(
    columns: Sequence[Column], pages: Pages, more: Mapping[str, str]
) -> tuple[list[Column], Pages]:
    """A file's columns and rows, with the name of each id in a column after it."""
    kinds = {**NAMES, **more}
    fields = {one: _field(one) for one in columns if one.kind == "text"}
    ids = {one: field for one, field in fields.items() if kinds.get(field)}
    within = {one.within for one in ids if one.line and one.within}
    wider = list[Column]()
    for column in columns:
        wider.append(column)
        if column in ids:
            named_by = f"{column.name}_name"
            wider.append(Column(named_by, of_id=column.name, line=column.line))

    def read(seen: ReadContext) -> Iterator[Sequence[Row]]:
        for rows in pages(seen):
            parts = [*rows, *(row[one] for row in rows for one in within)]
            names = named(seen, parts, {field: kinds[field] for field in ids.values()})
            for row in rows:
                for column, field in ids.items():
                    row[f"{column.name}_name"] = names.get(field, {}).get(column.of(row))
            yield rows

    return wider, read


def _field(column: Column) -> str:
    """What the field is called, in the row or in the object that it stands in."""
    return column.name if column.within is None else column.name[len(column.within) + 1 :]


def _called(seen: ReadContext, kind: str, ids: set[str]) -> dict[str, str]:
    found = dict[str, str]()
    for each in kinds_meant(kind):
        if each in TITLED:
            left = sorted(ids - found.keys())
            found |= _titles(seen, TITLED[each], left)
    return found


def _titles(seen: ReadContext, record: Record[Any], ids: Sequence[str]) -> dict[str, str]:
    """What those of them are called that the reader may see."""
    record = masks.record(seen.granted, record)
    if record.title is None:
        return {}
    scope = seen.granted.scope(seen.connection, record)
    if scope != EVERYTHING:
        ids = sorted(record_by_id.reached(seen.connection, record, ids, scope))
    found = record_by_id.titles(seen.connection, record, ids, seen.as_of)
    if record.title in request_notes.personal(record):
        request_notes.persons(map(record.kind.stream, found))
    return found


def kinds_meant(kind: str) -> list[str]:
    """The kinds that a thing may be of: a place is a warehouse, or a dealer."""
    places = [each for each, stands in STANDS_FOR.items() if kind in stands]
    return places if kind == PLACE else [kind]
