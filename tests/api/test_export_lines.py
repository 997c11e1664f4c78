"""A file that has a row for each line of its things: what was sold is added up in a spreadsheet."""

import csv
import io
import json
from typing import Any

import pyarrow.parquet as pq
import pytest
from api.test_exports import file, rows

from services.bootstrap import RECORDS
from services.exports.lines import Lines

ORDERS = next(one for one in RECORDS if one.name == "orders")


def table(api: Any, path: str, **more: str) -> list[dict[str, str]]:
    text = file(api, path, "csv", **more).text.removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


def test_each_line_of_an_order_is_a_row_with_what_the_order_says(own_company: Any) -> None:
    found = table(own_company, "/orders?each=lines&fields=id,customer,lines,amount", header="names")
    expected = [
        (one["id"], str(line["line"]), line["item"], str(line["quantity"]), str(line["amount"]))
        for one in rows(own_company, "/orders")
        for line in one["lines"]
    ]
    told = ("id", "lines.line", "lines.item", "lines.quantity", "lines.amount")
    assert [tuple(row[name] for name in told) for row in found] == expected
    assert len(expected) == 6
    assert "lines" not in found[0]
    assert found[0]["customer"] == "C1"


def test_people_read_which_amount_is_of_the_line_and_what_the_product_is_called(
    company: Any,
) -> None:
    path = "/orders?each=lines&fields=id,amount&expand=names"
    (first, *_) = table(company, path, header="labels", language="zh-CN")
    assert first["明细行 · 商品名称"] == "tea"
    assert (first["金额（主币单位）"], first["明细行 · 金额（主币单位）"]) == ("663.00", "600.00")


def test_a_pack_is_columns_of_its_own(own_company: Any) -> None:
    own_company.done("register-unit", id="box", name="盒")
    own_company.done("register-unit", id="case", name="箱", base="box", factor=12)
    lines = [{"item": "tea", "quantity": 2, "unit": "case"}, {"item": "cup", "quantity": 5}]
    own_company.done("draft-order", id="O9", customer="C1", warehouse="WH", lines=lines)
    own_company.feed()
    packs = ("lines.quantity", "lines.packed.quantity", "lines.packed.unit", "lines.packed.factor")
    found = table(own_company, "/orders?each=lines&id=O9", header="names")
    assert [[row[name] for name in packs] for row in found] == [
        ["24", "2", "case", "12"],
        ["5", "", "", ""],
    ]


@pytest.mark.parametrize("format", ["ndjson", "parquet", "xlsx"])
def test_every_kind_of_file_has_them_and_adds_up_lines_alone(company: Any, format: str) -> None:
    answer = file(company, "/orders?each=lines", format, header="names")
    manifest = company.get(f"/exports/{answer.headers['x-export-id']}/manifest")
    orders = rows(company, "/orders")
    worth = sum(line["amount"] for one in orders for line in one["lines"])
    assert manifest["rows"] == 6
    assert manifest["totals"]["lines.amount"] == {"CNY": worth}
    assert "amount" not in manifest["totals"]
    if format == "ndjson":
        assert sum(json.loads(one)["lines"]["amount"] for one in answer.text.splitlines()) == worth
    if format == "parquet":
        found = pq.read_table(io.BytesIO(answer.content))
        assert sum(found.column("lines.amount").to_pylist()) == worth


def test_what_has_no_lines_yet_is_not_missing(company: Any) -> None:
    found = table(company, "/orders?each=exchanges", header="names")
    assert [row["id"] for row in found] == ["O0", "O1", "O2"]
    assert {row["exchanges.exchange"] for row in found} == {""}


def test_a_field_of_lines_that_is_hidden_is_no_column() -> None:
    assert "cost" in [part.name for part in Lines(ORDERS).fields["lines"]]
    masked = ORDERS.hiding(frozenset(), frozenset({"cost"}))
    assert "cost" not in [part.name for part in Lines(masked).fields["lines"]]


@pytest.mark.parametrize(
    "record", [one for one in RECORDS if Lines(one).fields], ids=lambda one: one.name
)
def test_every_kind_that_has_lines_can_be_had_by_them(company: Any, record: Any) -> None:
    for field in Lines(record).fields:
        found = file(company, f"/{record.name}?each={field}", "csv", header="labels")
        headers = next(csv.reader(io.StringIO(found.text.removeprefix("\ufeff"))))
        assert len(headers) == len({*headers}), "two columns are called the same"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/orders?each=lines", "no_file"),
        ("/orders?each=rows&format=csv", "unknown_field"),
        ("/units?each=lines&format=csv", "no_lines"),
    ],
)
def test_what_can_have_no_such_rows_is_refused(company: Any, path: str, code: str) -> None:
    answer = company.client.get(path)
    assert answer.status_code == 400
    assert [one["code"] for one in answer.json()["errors"]] == [code]
