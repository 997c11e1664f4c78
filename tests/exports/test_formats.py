"""Whatever text a row has, each format gives it back as it was, and none runs it."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from services.exports import xlsx
from services.exports.cells import FORMULA, NoRoom, harmless, original
from services.exports.columns import Column, Row, Tally
from services.exports.formats import FORMATS, Sheet

COLUMNS = [Column("id"), Column("name"), Column("amount", "whole"), Column("at", "instant")]
AT = "2026-01-05T01:30:00.000000Z"
NASTY = [
    '=HYPERLINK("http://x","y")',
    "+86 138 0013 8000",
    "-1",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "'=x",
    "''+1",
    "＝1+1",
    "'plain",
    "007",
    "1234567890123456789",
    'he said "no", twice',
    "two\r\nlines",
    "line\u2028and\u2029para\x85graph",
    "_x000D_ and _x0041_",
    "\ufeffmark",
    "\ufffe\uffff",
    "\x01\x1f\x7f",
    "上海茶行 😀",
    "http://example.com",
    "TRUE",
    " spaces ",
    "",
    "</t><f>1+1</f>",
    "{=1}",
]
texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=40),
)
numbers = st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1), st.integers(-(10**15), 10**15))
tables = st.lists(st.tuples(texts, texts, numbers), max_size=8)


def written(format: str, rows: Sequence[Row], columns: Sequence[Column] = COLUMNS) -> bytes:
    sink = io.BytesIO()
    headers = [column.name for column in columns]
    sheet = Sheet("shops", columns, headers, {"what": "shops", "position": 7}, 1_000_000)
    with FORMATS[format].open(sink, sheet) as writer:
        for row in rows:
            writer.rows([row])
        writer.end({"what": "shops", "position": 7, "rows": len(rows)})
    return sink.getvalue()


def rows_of(table: Sequence[tuple[str, str, int | None]]) -> list[Row]:
    return [dict(zip(("id", "name", "amount", "at"), (*row, AT), strict=True)) for row in table]


@settings(max_examples=60)
@given(tables)
@example([(text, text, -1) for text in NASTY])
def test_csv_gives_every_text_back_and_no_cell_begins_like_a_formula(table: Any) -> None:
    content = written("csv", rows_of(table)).decode("utf-8-sig")
    head, *found = csv.reader(io.StringIO(content, newline=""), strict=True)
    assert head == ["id", "name", "amount", "at"]
    for (key, name, amount, at), row in zip(found, table, strict=True):
        assert (original(key), original(name), at) == (row[0], row[1], AT)
        assert amount == ("" if row[2] is None else str(row[2]))
        assert not key.startswith(FORMULA)
        assert not name.startswith(FORMULA)


@settings(max_examples=60)
@given(tables)
@example([(text, text, -1) for text in NASTY])
def test_lines_and_parquet_give_every_value_back(table: Any) -> None:
    rows = rows_of(table)
    lines = written("ndjson", rows).split(b"\n")[:-1]
    assert [json.loads(line) for line in lines] == rows
    found = pq.read_table(io.BytesIO(written("parquet", rows))).to_pylist()
    assert [(row["id"], row["name"], row["amount"]) for row in found] == table
    assert {row["at"] for row in found} <= {datetime.fromisoformat(AT)}


@settings(max_examples=60)
@given(tables)
@example([(text, text, -1) for text in NASTY])
def test_a_workbook_gives_every_text_back_and_runs_none(table: Any) -> None:
    content = written("xlsx", rows_of(table))
    (first, *_) = CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    found = book.get_sheet_by_name(first).to_python()[1:]
    for (key, name, amount, at), row in zip(found, table, strict=True):
        assert [key, name] == [in_xml(text) for text in row[:2]]
        assert at == datetime(2026, 1, 5, 9, 30)
        small = row[2] is None or abs(row[2]) < xlsx.EXACT
        assert amount == (("" if row[2] is None else row[2]) if small else str(row[2]))
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        sheets = [packed.read(name).decode() for name in packed.namelist() if "sheet" in name]
    assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)


def in_xml(text: str) -> str:
    """Two code points are none of XML's: Excel reads them from its own escapes, this reader not."""
    return text.replace("\ufffe", "_xFFFE_").replace("\uffff", "_xFFFF_")


@given(texts)
def test_what_was_made_harmless_comes_back(text: str) -> None:
    made = harmless(text)
    assert original(made) == text
    assert not made.startswith(FORMULA)


def test_a_workbook_has_a_head_that_stays_and_can_be_filtered() -> None:
    content = written("xlsx", rows_of([("1", "a", 1), ("2", "b", 2)]))
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
        core = packed.read("docProps/core.xml").decode()
    assert '<autoFilter ref="A1:D3"/>' in sheet
    assert re.search(r'<pane ySplit="1" .*state="frozen"', sheet)
    assert "1970-01-01T00:00:01Z" in core
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    manifest = dict(book.get_sheet_by_name("Manifest").to_python())
    assert manifest == {"what": "shops", "position": 7.0, "rows": 2.0}


def test_a_sheet_that_has_no_room_says_so_and_names_what_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(xlsx, "MOST_ROWS", 2)
    assert written("xlsx", rows_of([("1", "a", 1)] * 2))
    with pytest.raises(NoRoom, match="csv or parquet"):
        written("xlsx", rows_of([("1", "a", 1)] * 3))
    with pytest.raises(NoRoom, match="name of row 1 has more than 32,767"):
        written("xlsx", rows_of([("1", "a" * 32_768, 1)]))


def test_parquet_has_row_groups_of_one_size_whatever_the_pages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from services.exports import parquet

    monkeypatch.setattr(parquet, "GROUP", 10)
    content = io.BytesIO(written("parquet", rows_of([(str(n), "a", n) for n in range(25)])))
    found = pq.read_metadata(content)
    assert [found.row_group(n).num_rows for n in range(found.num_row_groups)] == [10, 10, 5]
    assert [row["amount"] for row in pq.read_table(content).to_pylist()] == list(range(25))


def test_money_is_summed_by_currency_and_sums_beyond_64_bits_are_told_by_digits() -> None:
    money = Column("amount", "money", adds_up=True, currency="currency")
    columns = [Column("currency"), money, Column("id"), Column("version", "whole")]
    tally = Tally(columns)
    for currency, amount in (("CNY", 5), ("USD", 7), ("CNY", None), ("CNY", 2**63 - 1)):
        tally.add([{"currency": currency, "amount": amount, "id": "x", "version": 3}])
    assert (tally.rows, tally.totals()) == (4, {"amount": {"CNY": str(2**63 + 4), "USD": 7}})
    plain = Tally([Column("quantity", "whole", adds_up=True), Column("id")])
    plain.add([{"quantity": 3, "id": "x"}, {"quantity": -1, "id": "y"}])
    assert plain.totals() == {"quantity": 2}


MONEY = [Column("currency"), Column("amount", "money", currency="currency")]


def test_amounts_have_as_many_decimals_as_their_currency() -> None:
    amounts = [("CNY", 123450), ("JPY", 1234), ("KWD", -1), ("CNY", 10**15), ("", 0), ("CNY", None)]
    rows = [{"currency": code, "amount": amount} for code, amount in amounts]
    _, *found = csv.reader(io.StringIO(written("csv", rows, MONEY).decode("utf-8-sig")))
    shown = [amount for _, amount in found]
    assert shown == ["1234.50", "1234", "-0.001", "10000000000000.00", "0", ""]
    content = written("xlsx", rows, MONEY)
    sheet, *_ = CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    cells = [amount for _, amount in book.get_sheet_by_name(sheet).to_python()[1:]]
    assert cells == [1234.5, 1234, -0.001, "10000000000000.00", 0, ""]
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        styles = packed.read("xl/styles.xml").decode()
    assert 'formatCode="0.000"' in styles
