"""What was exported for people is imported again: amounts as they read them, and never a tenth."""

import csv
import io
from typing import Any

import pytest
from api.test_imports import ended
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

Table = list[list[Any]]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LANGUAGES = ["en", "zh-CN"]
FORMATS = ["csv", "xlsx"]
MAJOR = {"en": "major units", "zh-CN": "主币单位"}


def exported(api: Any, path: str, format: str, language: str = "en", **more: str) -> Table:
    how = {"format": format, "language": language, "header": "labels", **more}
    answer = api.client.get(path, params=how)
    assert answer.status_code == 200, answer.text
    if format == "csv":
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return list(book.get_sheet_by_index(0).to_python())


def written(table: Table, format: str) -> bytes:
    if format == "csv":
        text = io.StringIO(newline="")
        csv.writer(text).writerows(table)
        return text.getvalue().encode("utf-8-sig")
    made = io.BytesIO()
    with Workbook(made, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet()
        for number, row in enumerate(table):
            page.write_row(number, 0, row)
    return made.getvalue()


def imported(api: Any, table: Table, format: str, command: str, **how: str) -> dict[str, Any]:
    headers = {"Idempotency-Key": command, "Content-Type": "text/csv" if format == "csv" else XLSX}
    query = {"command": command, "name": f"file.{format}", **how}
    answer = api.client.post(
        "/imports", params=query, content=written(table, format), headers=headers
    )
    return ended(api, answer)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("format", FORMATS)
def test_prices_of_an_export_are_changed_in_it_and_imported(
    own_company: Any, format: str, language: str
) -> None:
    before = own_company.get("/products/tea")["data"]
    head, *rows = exported(own_company, "/products", format, language)
    price = next(n for n, name in enumerate(head) if MAJOR[language] in name)
    tea = next(row for row in rows if row[0] == "tea")
    assert float(tea[price]) == before["list_price"] / 100
    tea[price] = "1,234.5" if format == "csv" else 1234.5
    found = imported(own_company, [head, *rows], format, "reprice-product")
    assert (found["state"], found["faults"]) == ("done", [])
    own_company.feed()
    after = own_company.get("/products/tea")["data"]
    assert (after["list_price"], after["cost"]) == (123450, before["cost"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("format", FORMATS)
def test_names_of_an_export_are_changed_in_it_and_imported(
    own_company: Any, format: str, language: str
) -> None:
    for path, command, key in (
        ("/customers", "change-customer-details", "C1"),
        ("/products", "change-product-details", "tea"),
    ):
        head, *rows = exported(own_company, path, format, language)
        named = own_company.get(f"{path}/{key}")["data"]
        mine = next(row for row in rows if row[0] == key)
        mine[mine.index(named["name"], 1)] = "新名称"
        found = imported(own_company, [head, *rows], format, command)
        assert (found["state"], found["faults"]) == ("done", [])
        own_company.feed()
        now = own_company.get(f"{path}/{key}")["data"]
        same = {"name", "version", "position", "occurred_at", "recorded_at"}
        assert now["name"] == "新名称"
        assert {k: v for k, v in now.items() if k not in same} == {
            k: v for k, v in named.items() if k not in same
        }


@pytest.mark.parametrize("format", FORMATS)
def test_a_line_of_an_exported_order_is_changed_in_it_and_imported(
    own_company: Any, format: str
) -> None:
    line = {"item": "tea", "quantity": 3, "unit_price": 1250}
    own_company.done("draft-order", id="O9", customer="C1", warehouse="WH", lines=[line])
    own_company.feed()
    head, *rows = exported(own_company, "/orders", format, id="O9")
    amount = next(n for n, name in enumerate(head) if name.startswith("Amount"))
    assert float(rows[0][amount]) == 37.5
    column = head.index("Lines")
    rows[0][column] = rows[0][column].replace('"quantity":3', '"quantity":4')
    found = imported(own_company, [head, *rows], format, "redraft-order")
    assert (found["state"], found["faults"]) == ("done", [])
    own_company.feed()
    [now] = own_company.get("/orders/O9")["data"]["lines"]
    assert (now["quantity"], now["unit_price"]) == (4, 1250)


def test_programs_read_whole_minor_units_under_the_names_of_fields(own_company: Any) -> None:
    price = own_company.get("/products/tea")["data"]["list_price"]
    head, *rows = exported(own_company, "/products", "csv", header="names")
    assert next(r for r in rows if r[0] == "tea")[head.index("list_price")] == str(price)
    answer = own_company.client.get("/products", params={"format": "parquet"})
    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(answer.content)).to_pylist()
    assert next(row for row in table if row["id"] == "tea")["list_price"] == price


def test_totals_are_of_what_adds_up_and_money_is_by_currency(own_company: Any) -> None:
    answer = own_company.client.get("/products", params={"format": "csv"})
    manifest = own_company.get(f"/exports/{answer.headers['x-export-id']}/manifest")
    assert manifest["totals"].keys() == {"list_price", "cost"}
    assert all(isinstance(one, dict) for one in manifest["totals"].values())
    answer = own_company.client.get("/stock", params={"format": "csv"})
    manifest = own_company.get(f"/exports/{answer.headers['x-export-id']}/manifest")
    assert "on_hand" in manifest["totals"]
    assert "days_of_cover" not in manifest["totals"]


REPRICE = {
    "list_price": 1000,
    "List price (major units)": 100_000,
    "标价（主币单位）": 100_000,
    "List price (CNY)": 100_000,
    "list price（元）": 100_000,
    "List price (minor units)": 1000,
}


@pytest.mark.parametrize("header", REPRICE)
def test_the_header_tells_what_amounts_are_in(own_company: Any, header: str) -> None:
    table = [["id", "currency", header], ["tea", "CNY", "1000"]]
    found = imported(own_company, table, "csv", "reprice-product")
    assert (found["state"], found["invalid"]) == ("done", 0), found
    own_company.feed()
    assert own_company.get("/products/tea")["data"]["list_price"] == REPRICE[header]


def test_a_label_alone_does_not_tell_what_amounts_are_in(own_company: Any) -> None:
    table = [["id", "List price"], ["tea", "10"]]
    found = imported(own_company, table, "csv", "reprice-product")
    assert (found["state"], found["events"]) == ("failed", 0)
    assert "List price (major units)" in found["faults"][0]["message"]


def test_an_amount_whose_currency_nobody_names_is_refused(own_company: Any) -> None:
    table = [["id", "List price (major units)"], ["tea", "10"]]
    found = imported(own_company, table, "csv", "reprice-product")
    assert "Name the currency of the amount" in found["faults"][0]["message"]
