"""Files as people make them are read right, or refused with what to do: never read wrong."""

from collections.abc import Callable
from typing import Any

import pytest
from imports.filing import commands, csv_of
from imports.test_workbooks import workbook

from services.imports import files
from services.imports.files import ImportResult, Silent
from services.imports.sources import Faulty, Source, Spec

DEALERS = Spec("register-customer", constants={"owner": "R-1", "customer_kind": "dealer"})
RECEIPTS = Spec("receive-stock", constants={"location": "WH", "reference": "DN-1"})
HEAD, ROW = ["编号", "名称", "城市"], ["C-1", "上海茶行", "上海"]


def checked(content: bytes, spec: Spec = DEALERS) -> ImportResult:
    return files.check_all(files.opened(Source("file", content), spec), Silent())


def refused(content: bytes, spec: Spec = DEALERS) -> list[str]:
    """What is said of the file; nothing of it may be taken."""
    try:
        found = checked(content, spec)
    except Faulty as error:
        return [fault.words[0] for fault in error.faults]
    assert found.invalid
    return [fault.words[0] for fault in found.faults]


def named(content: bytes) -> list[tuple[str, str, str | None]]:
    return [(one.id, one.name, one.city) for one in commands(content, DEALERS)]


@pytest.mark.parametrize(
    "head", [HEAD, ["ID", "Name", "City"], ["id", "name", "city"], ["编 号", " 名称 ", "CITY"]]
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_headers_of_both_languages_in_any_encoding(head: list[str], encoding: str) -> None:
    content = csv_of(head, ROW).decode().encode(encoding)
    assert named(content) == [("C-1", "上海茶行", "上海")]


@pytest.mark.parametrize("made", [csv_of, workbook])
def test_rows_of_blanks_are_no_rows(made: Callable[..., bytes]) -> None:
    content = made(HEAD, ROW, ["", "", ""], [" ", "\t", ""], ["C-2", "茶", ""], ["", " ", ""])
    assert [one[0] for one in named(content)] == ["C-1", "C-2"]


@pytest.mark.parametrize("made", [csv_of, workbook])
@pytest.mark.parametrize("word", ["合计", "总计：", "Total", "Grand total", "小计"])
def test_a_row_of_totals_is_named_as_one(made: Callable[..., bytes], word: str) -> None:
    content = made(["item", "quantity"], ["P-1", "5"], [word, "5"])
    (said,) = refused(content, RECEIPTS)
    assert "a row of totals" in said
    assert "Remove it" in said


@pytest.mark.parametrize("made", [csv_of, workbook])
def test_a_title_above_the_header_is_named(made: Callable[..., bytes]) -> None:
    (said,) = refused(made(["客户资料表", "", ""], HEAD, ROW))
    assert "in row 2" in said
    assert "Remove the rows above" in said


def test_a_second_header_is_a_bad_row() -> None:
    for head in (HEAD, ["ID", "Name", "City"]):
        (said,) = refused(csv_of(["id", "name", "city"], head, ROW))
        assert "names the columns once more" in said
    assert named(csv_of(HEAD, ["id", "name", "上海"])) == [("id", "name", "上海")]


def test_ids_keep_their_leading_noughts() -> None:
    assert named(csv_of(HEAD, ["007", "茶", ""]))[0][0] == "007"
    assert named(workbook(HEAD, ["007", "茶", ""]))[0][0] == "007"


def test_digits_of_a_chinese_keyboard_are_digits() -> None:
    (found,) = commands(csv_of(["item", "quantity"], ["P-1", "１，２００"]), RECEIPTS)
    assert found.quantity == 1200


def test_days_may_be_text() -> None:
    for day in ("2026/1/5", "2026-01-05", "2026年1月5日", "2026.1.5"):
        content = csv_of(["item", "quantity", "occurred_at"], ["P-1", "5", day])
        (found,) = commands(content, RECEIPTS)
        assert found.day_end() is not None
    assert refused(csv_of(["item", "quantity", "occurred_at"], ["P-1", "5", "5.1.26"]), RECEIPTS)


def formula(_: Any, sheet: Any) -> None:
    sheet.write_formula(1, 1, "=2+3", None, 5)


def test_a_formula_is_what_it_shows() -> None:
    (found,) = commands(workbook(["item", "quantity"], ["P-1", None], change=formula), RECEIPTS)
    assert found.quantity == 5


def merged(_: Any, sheet: Any) -> None:
    sheet.merge_range(1, 0, 2, 0, "C-1")


def test_merged_cells_below_the_header_leave_a_row_without_its_id() -> None:
    head = ["编号", "姓名", "部门"]
    content = workbook(head, [None, "李", "east"], [None, "吴", "east"], change=merged)
    people = Spec("hire-rep", constants={"region": "shanghai"})
    assert refused(content, people)
    assert checked(content, people).rows == 1


def protected(_: Any, sheet: Any) -> None:
    sheet.protect("secret")


def hidden(_: Any, sheet: Any) -> None:
    sheet.set_row(1, None, None, {"hidden": True})
    sheet.set_column(2, 2, None, None, {"hidden": True})


def test_a_protected_sheet_is_read() -> None:
    assert named(workbook(HEAD, ROW, change=protected)) == [("C-1", "上海茶行", "上海")]


def test_what_is_hidden_is_read_and_that_is_told() -> None:
    content = workbook(HEAD, ROW, change=hidden)
    assert named(content) == [("C-1", "上海茶行", "上海")]
    assert "hidden rows or columns" in checked(content).notes[0][0]
    assert checked(workbook(HEAD, ROW)).notes == []


def second(book: Any, _: Any) -> None:
    book.add_worksheet("Other")


def test_of_several_sheets_it_is_told_which_is_read() -> None:
    content = workbook(HEAD, ROW, change=second)
    assert "read the sheet Reps" in checked(content).notes[0][0]
