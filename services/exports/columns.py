"""The columns of an export, from what declares its rows: fields of a record, or an answer."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Literal, NamedTuple, get_args, get_origin

import msgspec
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from projections.engine import View
from projections.engine.record import Record

Kind = Literal["text", "whole", "instant", "day", "nested"]
Row = dict[str, Any]
CURRENCY = ("currency", "dimensions.currency")
"""Columns that tell of what the other figures of a row are sums."""
FORMATS: dict[str, Kind] = {"date-time": "instant", "date": "day"}


class Column(NamedTuple):
    """`of_id` is the column whose ids this one calls by name.

    `within` is the object of the row that the value stands in, for a name such as `change.lost`.

    Where it stands is not: none of it.
    """

    name: str
    kind: Kind = "text"
    within: str | None = None
    of_id: str | None = None

    def of(self, row: Row) -> Any:
        """The value as a table has it: what is nested is JSON text."""
        if self.within is not None:
            return row[self.within].get(self.name[len(self.within) + 1 :], 0)
        value = row[self.name]
        return value if self.kind != "nested" else msgspec.json.encode(value).decode()


def of_record(record: Record[Any]) -> list[Column]:
    """All that a list of a kind shows, in its order."""
    fields = [Column(name, _of_field(field)) for name, field in record.fields.items()]
    numbers = [Column(name, "whole") for name in ("version", "position")]
    instants = [Column(name, "instant") for name in ("occurred_at", "recorded_at")]
    return [Column("id"), *fields, *numbers, *instants]


def _of_field(field: Any) -> Kind:
    if field.nested:
        return "nested"
    if field.mark.instant:
        return "instant"
    return "whole" if field.type is int else "text"


def of_shape(
    shape: type[BaseModel], more: Iterable[str] = (), less: Collection[str] = ()
) -> list[Column]:
    """What rows of an answer are declared to have, with `more` dimensions before the figures."""
    fields = {name: info for name, info in shape.model_fields.items() if name not in less}
    found = [Column(name, _of_info(info)) for name, info in fields.items()]
    first = next((n for n, one in enumerate(found) if one.kind == "whole"), len(found))
    added = [Column(name) for name in more if name not in fields]
    return [*found[:first], *added, *found[first:]]


def _of_info(info: FieldInfo) -> Kind:
    extra = info.json_schema_extra
    if isinstance(extra, dict) and (known := FORMATS.get(str(extra.get("format")))):
        return known
    kinds = {get_origin(one) or one for one in _any_of(info.annotation)}
    if kinds & {list, dict}:
        return "nested"
    return "whole" if kinds == {int} else "text"


def _any_of(annotation: Any) -> Sequence[Any]:
    parts = [one for one in get_args(annotation) if one is not type(None)]
    return parts if type(None) in get_args(annotation) else [annotation]


def of_reasons(shape: type[BaseModel], view: View) -> list[Column]:
    """The rows behind a figure, with a column for each dimension and each measure of the view."""
    found = list[Column]()
    for column in of_shape(shape):
        if column.name == "dimensions":
            found += (Column(f"dimensions.{n}", within="dimensions") for n in view.dimensions)
        elif column.name == "change":
            found += (Column(f"change.{name}", "whole", "change") for name in view.measures)
        else:
            found.append(column)
    return found


class Tally:
    """Counts the rows, and adds up their figures: by currency, where they have one."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.rows = 0
        self._figures = [one for one in columns if one.kind == "whole"]
        self._currency = next((one for one in columns if one.name in CURRENCY), None)
        self._sums: dict[str, dict[str, int]] = {one.name: {} for one in self._figures}

    def add(self, rows: Sequence[Row]) -> None:
        self.rows += len(rows)
        for row in rows:
            currency = "" if self._currency is None else self._currency.of(row)
            for column in self._figures:
                value = column.of(row)
                if value is not None:
                    sums = self._sums[column.name]
                    sums[currency] = sums.get(currency, 0) + value

    def totals(self) -> dict[str, Any]:
        """The sum of each figure; by currency where the rows have one."""
        if self._currency is None:
            return {name: _whole(sums.get("", 0)) for name, sums in self._sums.items()}
        return {
            name: {currency: _whole(value) for currency, value in sorted(sums.items())}
            for name, sums in self._sums.items()
        }


def _whole(value: int) -> int | str:
    """A sum beyond 64 bits is told by its digits, as text."""
    return value if -(2**63) <= value < 2**63 else str(value)
