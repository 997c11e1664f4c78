"""A workbook: the rows on the first sheet, what they are of on the second.

Numbers are numbers, instants are dates of the company's zone, and text is never a formula.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from xlsxwriter import Workbook

from aggregates import calendar
from infra.clock import instant
from services.exports.cells import NoRoom
from services.exports.columns import Column, Row
from services.exports.formats import Sheet, Sink, Writer

MOST_ROWS = 1_048_575
"""Besides the header, a sheet has room for no more."""
MOST_LETTERS = 32_767
DIGITS = 15
EXACT = 10**DIGITS
"""Excel keeps fifteen digits of a number."""
FIRST_DAY, FIRST_INSTANT = date(1900, 3, 1), datetime(1900, 3, 1)  # noqa: DTZ001 - of no zone
"""Excel has no days before 1900, and takes that year for a leap year."""
WIDTHS = {"text": 18, "whole": 14, "money": 14, "instant": 20, "day": 12, "nested": 40}
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@contextmanager
def opened(sink: Sink, sheet: Sheet) -> Iterator[Writer]:
    """The workbook goes to `sink` as a whole, since its end is needed to write its beginning."""
    with TemporaryDirectory(prefix="export-") as folder:
        file = Path(folder) / "export.xlsx"
        book = Workbook(str(file), {**OPTIONS, "tmpdir": folder})
        try:
            yield _Workbook(file, sheet, book, sink)
        finally:
            for page in book.worksheets():  # where it was given up before its end
                page.row_data_fh.close()


class _Workbook:
    def __init__(self, file: Path, sheet: Sheet, book: Any, sink: Sink) -> None:
        self.file, self.book, self.sink, self.columns = file, book, sink, sheet.columns
        self.zone = ZoneInfo(calendar.zone())
        self.row = 0
        self.moneys: dict[int, Any] = {}
        book.set_properties({"title": sheet.title, "created": instant(sheet.made_at)})
        for name, value in sheet.facts.items():
            book.set_custom_property(name, _told(value)[:255], "text")
        self.bold = book.add_format({"bold": True})
        self.formats = {
            "instant": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        self.page = book.add_worksheet(_name(sheet.title))
        self.page.freeze_panes(1, 0)
        for number, column in enumerate(sheet.columns):
            self.page.set_column(number, number, WIDTHS[column.kind])
            self.page.write_string(0, number, sheet.headers[number], self.bold)

    def rows(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self.row += 1
            if self.row > MOST_ROWS:
                raise _too_many()
            for number, column in enumerate(self.columns):
                self._cell(number, column, column.shown(row))

    def _cell(self, number: int, column: Column, value: Any) -> None:
        page, at = self.page, (self.row, number)
        if value is None:
            return
        if isinstance(value, Decimal) and len(value.as_tuple().digits) <= DIGITS:
            page.write_number(*at, float(value), self._money(value))
            return
        if isinstance(value, int) and -EXACT < value < EXACT:
            page.write_number(*at, value)
            return
        dated = self._dated(column, value)
        if dated is not None:
            page.write_datetime(*at, dated, self.formats[column.kind])
            return
        text = str(value)
        if len(text) > MOST_LETTERS:
            raise _too_long(column.name, self.row)
        page.write_string(*at, text)

    def _money(self, value: Decimal) -> Any:
        """The format that shows as many decimals as the currency has."""
        digits = -int(value.as_tuple().exponent)
        if digits not in self.moneys:
            shown = f"0.{'0' * digits}" if digits else "0"
            self.moneys[digits] = self.book.add_format({"num_format": shown})
        return self.moneys[digits]

    def _dated(self, column: Column, value: Any) -> date | None:
        """A date as Excel has it; none where it has none, and where the value is not one."""
        if column.kind == "instant":
            local = datetime.fromisoformat(value).astimezone(self.zone).replace(tzinfo=None)
            return local if local >= FIRST_INSTANT else None
        if column.kind == "day" and value:
            day = date.fromisoformat(value)
            return day if day >= FIRST_DAY else None
        return None

    def end(self, facts: Mapping[str, Any]) -> None:
        self.page.autofilter(0, 0, max(self.row, 1), len(self.columns) - 1)
        said = self.book.add_worksheet("Manifest")
        said.set_column(0, 0, 16)
        said.set_column(1, 1, 80)
        for number, (name, value) in enumerate(facts.items()):
            said.write_string(number, 0, name, self.bold)
            whole = type(value) is int and value < EXACT
            put = said.write_number if whole else said.write_string
            put(number, 1, value if whole else _told(value)[:MOST_LETTERS])
        self.book.close()
        with self.file.open("rb") as made:
            copyfileobj(made, self.sink)


def _told(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _name(title: str) -> str:
    """A name that Excel takes for a sheet."""
    kept = "".join(" " if letter in "[]:*?/\\" else letter for letter in title)
    name = kept.strip(" '")[:31].strip(" '")
    return (
        name if name and name.casefold() not in ("manifest", "history") else f"{name} rows".strip()
    )


def _too_many() -> NoRoom:
    return NoRoom(
        "too_many_rows",
        f"These are more than {MOST_ROWS:,} rows, and a sheet of Excel has no room for them. Take"
        " csv or parquet, or narrow the filter.",
        f"结果超过 {MOST_ROWS:,} 行，Excel 工作表放不下。请改用 csv 或 parquet，或收窄筛选条件。",
    )


def _too_long(column: str, row: int) -> NoRoom:
    return NoRoom(
        "too_long",
        f"{column} of row {row} has more than {MOST_LETTERS:,} characters, and a cell of Excel has"
        " no room for them. Take csv or parquet.",
        f"第 {row} 行的 {column} 超过 {MOST_LETTERS:,} 个字符，Excel 单元格放不下。"
        "请改用 csv 或 parquet。",
    )
