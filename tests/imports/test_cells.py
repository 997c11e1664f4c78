"""A cell as people fill it is what the field wants, exactly, or is refused with what to write."""

from datetime import UTC, date, datetime, time

import pytest

from services.imports import cells
from services.imports.cells import BadCell


@pytest.mark.parametrize(
    ("cell", "number"),
    [("12", 12), ("1,234", 1234), ("12.0", 12), (12.0, 12), ("１２", 12), ("-3", -3), ("−3", -3)],
)
def test_a_whole_number_is_read_as_people_write_it(cell: cells.Cell, number: int) -> None:
    assert cells.whole(cell) == number


@pytest.mark.parametrize("cell", ["1,2", "12.5", 12.5, "1.000", "twelve", "1e3", True, "1 2"])
def test_what_is_no_whole_number_or_may_be_two_is_refused(cell: cells.Cell) -> None:
    with pytest.raises(BadCell, match=r"whole number|a number"):
        cells.whole(cell)


@pytest.mark.parametrize(
    ("cell", "currency", "amount"),
    [
        ("18.5", "CNY", 1850),
        (18.1, "CNY", 1810),
        (0.07, "USD", 7),
        ("1,234.56", "EUR", 123456),
        ("1200", "JPY", 1200),
        ("1.234", "KWD", 1234),
        ("90071992547409.93", "CNY", 9007199254740993),
    ],
)
def test_an_amount_in_major_units_is_exact(cell: cells.Cell, currency: str, amount: int) -> None:
    assert cells.minor(cell, currency) == amount


@pytest.mark.parametrize("cell", ["1,950.00", "19.50", 19.5, "1950.0"])
def test_an_amount_with_a_fraction_is_not_taken_for_minor_units(cell: cells.Cell) -> None:
    assert cells.minor_units("1,950") == cells.minor_units(1950.0) == 1950
    with pytest.raises(BadCell, match="money=major"):
        cells.minor_units(cell)


@pytest.mark.parametrize(
    ("cell", "currency", "why"),
    [("1.5", "JPY", "JPY has 0"), ("0.125", "CNY", "CNY has 2"), ("cheap", "CNY", "a number")],
)
def test_an_amount_is_never_rounded(cell: cells.Cell, currency: str, why: str) -> None:
    with pytest.raises(BadCell, match=why):
        cells.minor(cell, currency)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-01-05",
        "2026/1/5",
        "2026.1.5",
        "2026年1月5日",
        "２０２６年1月5日",
        date(2026, 1, 5),
        datetime(2026, 1, 5),
    ],
)
def test_a_day_is_a_day_however_it_is_written(cell: cells.Cell) -> None:
    assert cells.moment(cell) == "2026-01-05"


@pytest.mark.parametrize(
    "cell", ["2026-01-05 09:30", "2026/1/5 9:30:00", datetime(2026, 1, 5, 9, 30)]
)
def test_a_time_is_that_of_the_companys_clock(cell: cells.Cell) -> None:
    assert cells.moment(cell) == datetime(2026, 1, 5, 1, 30, tzinfo=UTC)


def test_a_day_that_never_was_is_refused_and_an_order_that_is_not_known_is_not_guessed() -> None:
    with pytest.raises(BadCell, match="no such day"):
        cells.moment("2026-02-30")
    assert cells.moment("05/01/2026") == "05/01/2026"  # the field refuses it


@pytest.mark.parametrize(
    ("cell", "truth"), [("是", True), ("No", False), (True, True), ("1", True)]
)
def test_yes_and_no_have_many_words(cell: cells.Cell, truth: bool) -> None:
    assert cells.truth(cell) is truth


@pytest.mark.parametrize(
    ("cell", "id"), [("007", "007"), (7.0, "7"), (18.5, "18.5"), (time(9, 30), "09:30:00")]
)
def test_an_id_is_what_the_cell_shows(cell: cells.Cell, id: str) -> None:
    assert cells.name(cell) == id


def test_a_number_that_a_spreadsheet_has_rounded_is_no_id() -> None:
    with pytest.raises(BadCell, match="format the column as text"):
        cells.name(1234567890123456789.0)


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ('[{"item": "tea", "quantity": 1, "quantity": 2}]', "0.quantity: .*twice"),
        ('[{"item": "tea", "quantity": 1e999}]', "0.quantity: .*no number"),
        ('[{"item": "tea", "quantity": NaN}]', "no number|as JSON"),
    ],
)
def test_a_list_in_a_cell_says_each_thing_once(cell: str, why: str) -> None:
    with pytest.raises(BadCell, match=why):
        cells.json(cell)
    with pytest.raises(BadCell, match=why):
        cells.lines(())(cell)
    assert cells.json('[{"item": "tea", "quantity": 1}]') == [{"item": "tea", "quantity": 1}]
