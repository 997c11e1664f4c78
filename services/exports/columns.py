"""The columns of an export, and what they add up to."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any, Literal, NamedTuple

import msgspec

from projections.engine import Projection, View
from projections.engine.tallies import exact
from services import amounts

Kind = Literal["text", "whole", "money", "instant", "day", "nested"]
"""Money is whole minor units that a file for people shows in major ones."""
Row = dict[str, Any]
CURRENCY = ("currency", "dimensions.currency")
"""Columns that tell of what the amounts of a row are."""


class Column(NamedTuple):
    """`of_id` is the column whose ids this one calls by name.

    `within` is the object of the row that the value stands in, for a name such as `change.lost`.
    Where it stands is not: none of it. What `adds_up` has a total in the manifest. `currency` is
    the column of an amount's currency.
    """

    name: str
    kind: Kind = "text"
    within: str | None = None
    of_id: str | None = None
    adds_up: bool = False
    currency: str | None = None
    owner: str | None = None
    """Whose field it is, where it is not one of the list's own: it is labelled as that."""
    line: bool = False
    """Whether it is of a line of a thing: it is labelled with both."""
    repeated: bool = False
    """Whether it stands in each row of a thing that has several: then it adds up to nothing."""

    def of(self, row: Row) -> Any:
        """The value as a table has it: what is nested is JSON text."""
        if self.within is not None and not self.line:
            return row[self.within].get(self.name[len(self.within) + 1 :], 0)
        value = self._in_line(row) if self.line and self.of_id is None else row[self.name]
        if self.kind != "nested" or (self.line and value is None):
            return value
        return msgspec.json.encode(value).decode()

    def _in_line(self, row: Row) -> Any:
        """What a line says, or an object in it; none where the thing has no line, or no object."""
        found: Any = row
        for name in self.name.split("."):
            found = None if found is None else found.get(name)
        return found

    def shown(self, row: Row) -> Any:
        """The value as people read it: an amount in major units, a number without currency as it
        is.
        """
        value = self.of(row)
        if self.kind != "money" or value is None or self.code(row) is None:
            return value
        made: Decimal | None = amounts.major(value, self.code(row))
        return f"{value} {amounts.SAID['minor']['en']}" if made is None else made

    def code(self, row: Row) -> str | None:
        """The currency of an amount."""
        if self.currency is None:
            return None
        where, _, name = self.currency.rpartition(".")
        found: str | None = (row[where] if where else row).get(name)
        return found


def adding_up(columns: Sequence[Column], view: Projection) -> list[Column]:
    """The same; of a figure, each measure of its view adds up, and so does all money."""
    sums: Collection[str] = view.measures if isinstance(view, View) else ()
    return [
        one._replace(
            adds_up=not one.repeated and (one.adds_up or one.kind == "money" or one.name in sums)
        )
        for one in columns
    ]


class Tally:
    """Counts the rows, and adds up what can be: money by its currency."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.rows = 0
        self._figures = [one for one in columns if one.adds_up]
        self._sums: dict[str, int] = {one.name: 0 for one in self._figures if not one.currency}
        self._money: dict[str, dict[str, int]] = {
            one.name: {} for one in self._figures if one.currency
        }

    def add(self, rows: Sequence[Row]) -> None:
        self.rows += len(rows)
        for row in rows:
            for column in self._figures:
                value = column.of(row)
                if value is None:
                    continue
                if column.currency is None:
                    self._sums[column.name] += value
                else:
                    sums, code = self._money[column.name], column.code(row) or ""
                    sums[code] = sums.get(code, 0) + value

    def totals(self) -> dict[str, Any]:
        """The sum of each figure in whole minor units; of money, one for each currency."""
        told: dict[str, Any] = {name: exact(value) for name, value in self._sums.items()}
        for name, sums in self._money.items():
            told[name] = {code: exact(value) for code, value in sorted(sums.items())}
        return {one.name: told[one.name] for one in self._figures}
