"""A row for each line of a thing: for each product of an order, say, with what the order says."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from projections.engine.record import Record
from services.catalogue.shapes import FieldPart
from services.exports.columns import Column, Row
from services.exports.described import of_parts


class Lines:
    """The lists of objects of a kind that a file can have a row for each of."""

    def __init__(self, record: Record[Any]) -> None:
        from services.catalogue.kinds import listed  # here: it describes the lists

        self._hidden = record.hidden_within
        found = {one.name: self._seen(one.fields) for one in listed(record, "en") if one.many}
        self.fields = {name: parts for name, parts in found.items() if parts}

    def columns(self, field: str, around: Iterable[Column]) -> list[Column]:
        """Those of the thing, which stand in each of its rows, and then those of a line."""
        kept = [one._replace(repeated=True) for one in around if one.name != field]
        own = {part.name for part in self.fields[field]}
        return [*kept, *(_within(field, own, one) for one in _flat(self.fields[field]))]

    def rows(self, field: str, pages: Iterable[Sequence[Row]]) -> Iterator[Sequence[Row]]:
        """A thing without lines has one row, so that none is missing."""
        for rows in pages:
            yield [{**row, field: line} for row in rows for line in row[field] or [{}]]

    def _seen(self, parts: Iterable[FieldPart]) -> list[FieldPart]:
        return [one for one in parts if one.name not in self._hidden]


def _flat(parts: Iterable[FieldPart]) -> list[Column]:
    """One column for each field of a line, and for each of an object in it, such as its packs."""
    found = list[Column]()
    for part in parts:
        if part.fields and not part.many:
            found += (one._replace(name=f"{part.name}.{one.name}") for one in _flat(part.fields))
        else:
            found += of_parts([part])
    return found


def _within(field: str, own: Collection[str], column: Column) -> Column:
    """A line's column; its currency is of the line, or else of the thing."""
    currency = column.currency
    if currency is not None and currency in own:
        currency = f"{field}.{currency}"
    return column._replace(
        name=f"{field}.{column.name}", within=field, currency=currency, line=True
    )
