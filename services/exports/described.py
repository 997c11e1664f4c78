"""The columns of lists and figures, from what the catalogue says of their rows."""

from collections.abc import Collection, Iterable
from typing import Any, get_type_hints

from pydantic import BaseModel

from projections.engine import View
from projections.engine.record import Record
from services.catalogue.fields import described
from services.catalogue.shapes import FieldPart
from services.exports.columns import CURRENCY, Column, Kind

DATED: dict[str, Kind] = {"instant": "instant", "day": "day"}
NESTED = frozenset({"object", "any"})
VERSION = "Envelope"
OF_VERSION = frozenset({"version", "position", "occurred_at", "recorded_at"})
"""What tells of the latest version of a thing; when that happened is no field of a command."""


def of_parts(parts: Iterable[FieldPart]) -> list[Column]:
    return [_of_part(one) for one in parts]


def _of_part(part: FieldPart) -> Column:
    if part.many or part.fields or part.type in NESTED:
        return Column(part.name, "nested")
    if kind := DATED.get(part.type):
        return Column(part.name, kind)
    if part.type != "integer":
        return Column(part.name)
    kind = "money" if part.unit == "minor" and part.currency else "whole"
    return Column(part.name, kind, adds_up=part.adds_up, currency=part.currency)


def of_record(record: Record[Any]) -> list[Column]:
    """All that a list of a kind shows: its id, its fields, and what each version has."""
    from services.catalogue.kinds import listed  # here: it describes the lists that are exported

    found = of_parts(listed(record, "en"))
    fields = [one for one in found if one.name not in OF_VERSION]
    version = [one._replace(owner=VERSION) for one in found if one.name in OF_VERSION]
    return [*fields, *version]


def of_shape(
    shape: type[BaseModel], more: Iterable[str] = (), less: Collection[str] = ()
) -> list[Column]:
    """What rows of an answer are declared to have, with `more` dimensions before the figures."""
    parts = described(shape.__name__, shape, "en")
    found = of_parts(one for one in parts if one.name not in less)
    first = next((n for n, one in enumerate(found) if one.kind in ("whole", "money")), len(found))
    known = {one.name for one in parts}
    added = [Column(name) for name in more if name not in known]
    return [*found[:first], *added, *found[first:]]


def of_reasons(shape: type[BaseModel], view: View) -> list[Column]:
    """The rows behind a figure, with a column for each dimension and each measure of the view."""
    found = list[Column]()
    for column in of_shape(shape):
        if column.name == "dimensions":
            found += (Column(f"dimensions.{n}", within="dimensions") for n in view.dimensions)
        elif column.name == "change":
            found += _changes(view)
        else:
            found.append(column)
    return found


def _changes(view: View) -> Iterable[Column]:
    """The measures of a view; amounts are of the currency that its dimensions name."""
    hints = get_type_hints(view.change, include_extras=True)
    named = {name: hints[name] for name in view.measures}
    currency = CURRENCY[1] if CURRENCY[0] in view.dimensions else None
    for part in described(view.name, named, "en", currency):
        column = _of_part(part)
        yield column._replace(name=f"change.{part.name}", within="change", adds_up=True)
