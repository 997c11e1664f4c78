"""How a row is read: which column is for which field, and what all rows have in common."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from aggregates.currency import EXPONENTS
from services.faults import Words
from services.imports import cells
from services.imports.cells import BadCell, Convert
from services.imports.sources import Cell

CLEARS = "<null>"
Bad = tuple[str, str, Words]
"""The column, what it shows, and what is wrong with it."""


class Column(NamedTuple):
    """`name` is the field's own; `money` says that amounts are in major units, of that currency
    where it is a code.
    """

    at: int
    header: str
    name: str
    convert: Convert
    money: str | None = None


class Plan(NamedTuple):
    """The columns of a command's own fields, and those of the lines of its list.

    Columns of money stand last: what they mean depends on the currency.
    """

    own: tuple[Column, ...]
    lines: tuple[Column, ...]
    list_name: str
    constants: Mapping[str, Any]
    width: int
    passed_over: tuple[str, ...]
    currency: str | None
    """That of amounts in major units where a row names none."""
    currency_at: int | None = None
    """The column of their currencies, where the command has no field for it."""

    def read(self, row: list[Cell], bad: list[Bad]) -> dict[str, Any]:
        """The command's own fields; cells that cannot be read are added to `bad`."""
        found = dict(self.constants)
        self._read(self.own, row, bad, found, found)
        return found

    def line(self, row: list[Cell], bad: list[Bad], own: Mapping[str, Any]) -> dict[str, Any]:
        """The line of the list that a row tells of."""
        found: dict[str, Any] = {}
        self._read(self.lines, row, bad, found, own)
        return found

    def _read(
        self,
        columns: tuple[Column, ...],
        row: list[Cell],
        bad: list[Bad],
        found: dict[str, Any],
        own: Mapping[str, Any],
    ) -> None:
        for at, header, name, convert, money in columns:
            cell = row[at]
            if type(cell) is str:
                cell = cell.strip()
                if not cell:
                    continue
                if cell == CLEARS:
                    found[name] = None
                    continue
                if convert is cells.name:  # most cells are texts already
                    found[name] = cell
                    continue
            try:
                if money is not None:
                    found[name] = cells.minor(cell, self._money(money, row, own))
                else:
                    found[name] = convert(cell)
            except BadCell as error:
                bad.append((header, cells.text(cell), error.words))

    def _money(self, money: str, row: list[Cell], own: Mapping[str, Any]) -> str:
        """The currency of an amount: the header's, the row's, or that of all rows."""
        beside = None if self.currency_at is None else cells.text(row[self.currency_at]).strip()
        code = money if money in EXPONENTS else own.get("currency") or beside or self.currency
        if code in EXPONENTS:
            return str(code)
        raise BadCell(
            "Name the currency of the amount, in a column or for all rows",
            "请用一列或统一设置说明金额的币种",
        )

    def header(self, name: object, *, line: bool = False) -> str:
        """Where the value of a field comes from."""
        columns = self.lines if line else self.own
        return next((each.header for each in columns if each.name == name), str(name))
