"""A workbook is read like a file of text, and one that unfolds to something huge is refused."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from imports.filing import commands, imported

from services.imports import sheets
from services.imports.sources import Cell, Faulty, Source, Spec

HEAD = ["编号", "姓名", "department", "region", "occurred_at"]
DAY = datetime(2026, 1, 5)


def workbook(
    *rows: Sequence[Any], change: Callable[[Any, Any], object] | None = None, first: int = 0
) -> bytes:
    """A workbook with those rows from row `first` on, as Excel would write it."""
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("Reps")
    for number, row in enumerate(rows, first):
        for column, cell in enumerate(row):
            if cell is not None:
                sheet.write(number, column, cell)
    if change is not None:
        change(book, sheet)
    book.close()
    return content.getvalue()


def rows(content: bytes, sheet: str | None = None) -> list[tuple[int, list[Cell]]]:
    spec = Spec("hire-rep", sheet=sheet)
    return list(sheets.open_sheet(Source("reps.xlsx", content), spec).rows())


def repacked(content: bytes, name: str, data: bytes) -> bytes:
    packed = BytesIO(content)
    with ZipFile(packed) as before:
        kept = {one: before.read(one) for one in before.namelist() if one != name}
    again = BytesIO()
    with ZipFile(again, "w", ZIP_DEFLATED) as after:
        for each, what in {**kept, name: data}.items():
            after.writestr(each, what)
    return again.getvalue()


def test_cells_of_a_workbook_are_what_they_show() -> None:
    content = workbook(HEAD, [7, "李雷", "sales", "east", DAY], ["007", "Wu", 12.0, "east", None])
    first, second = commands(content, Spec("hire-rep"))
    assert (first.id, first.name, first.occurred_at.date()) == ("7", "李雷", date(2026, 1, 4))
    assert first.day_end() is not None  # a day, in the company's zone
    assert (second.id, second.department, second.occurred_at) == ("007", "12", None)


def test_numbers_and_amounts_of_a_workbook_are_exact() -> None:
    head = ["id", "name", "category", "unit", "list_price", "cost", "currency"]
    content = workbook(head, ["p1", "Tea", "Drinks", "box", 18.1, 0.07, "CNY"])
    (product,) = commands(content, Spec("add-product", money="major"))
    assert (product.list_price, product.cost) == (1810, 7)
    (stock,) = commands(
        workbook(["location", "item", "quantity", "reference"], ["WH", "P1", 1200.0, "DN-1"]),
        Spec("receive-stock"),
    )
    assert stock.quantity == 1200


def test_rows_are_told_by_the_number_that_the_sheet_gives_them(found, tmp_path) -> None:
    content = workbook(HEAD, [None], ["r 1", "Li", "sales", "east"], first=2)
    assert [number for number, _ in rows(content)] == [3, 5]
    result, refused = imported(found(tmp_path), content, Spec("hire-rep"))
    assert [(fault.row, fault.column) for fault in result.faults] == [(5, "编号")]
    assert refused[0][0][:2] == ["r 1", "Li"]


def test_a_sheet_is_chosen_by_its_name() -> None:
    content = workbook(["id"], change=lambda book, _: book.add_worksheet("Rest").write(0, 0, "x"))
    assert rows(content) == [(1, ["id"])]
    assert rows(content, "Rest") == [(1, ["x"])]
    assert sheets.open_sheet(Source("a.xlsx", content), Spec("hire-rep")).notes
    with pytest.raises(Faulty, match=r"no sheet Best\. There are Reps, Rest"):
        rows(content, "Best")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda _, sheet: sheet.merge_range(0, 1, 0, 2, "both"), "merged cells at column 2"),
        (lambda _, sheet: sheet.write(1_048_575, 16_383, "far"), "too large"),
    ],
)
def test_a_sheet_that_cannot_be_read_says_what_to_do(
    change: Callable[[Any, Any], object], why: str
) -> None:
    with pytest.raises(Faulty, match=why):
        rows(workbook(["id"], change=change))


def test_a_bomb_a_macro_and_a_broken_file_are_refused() -> None:
    plain = workbook(["id"], ["r1"])
    with pytest.raises(Faulty, match="too large"):
        rows(repacked(plain, "xl/more.xml", bytes(100 << 20)))
    with pytest.raises(Faulty, match="has macros"):
        rows(repacked(plain, "xl/vbaProject.bin", b"x"))
    with pytest.raises(Faulty, match="cannot be read"):
        rows(plain[:-200])
    with pytest.raises(Faulty, match="cannot be read"):
        rows(repacked(plain, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData>"))


def test_a_date_that_shows_a_time_is_that_of_the_companys_clock() -> None:
    at = datetime(2026, 1, 5, 9, 30)
    content = workbook(HEAD, ["r1", "Li", "sales", "east", at])
    (hired,) = commands(content, Spec("hire-rep"))
    assert hired.occurred_at.isoformat() == "2026-01-05T01:30:00+00:00"
