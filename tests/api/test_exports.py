"""Lists and figures are had as files, each the same rows as in JSON, with a manifest."""

import csv
import hashlib
import io
import json
from datetime import datetime
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
import pytest
from api.conftest import founded
from python_calamine import CalamineWorkbook

from services.api import exports, figures, records
from services.api.asking_records import Listed
from services.bootstrap import RECORDS
from services.exports.formats import FORMATS

LISTS = [f"/{record.name}" for record in RECORDS]
FIGURES = [
    "/funnel?by=rep,region",
    "/funnel/why?pipeline=standard",
    "/funnel/series?by=stage",
    "/funnel/series/why",
    "/funnel/cohorts",
    "/funnel/cohorts/why",
    "/funnel/open",
    "/funnel/open/why",
    "/stock",
    "/stock/why?item=tea",
    "/stock/transit",
    "/stock/transit/why",
    "/rankings/dealers?by=amount",
    "/rankings/products",
    "/rankings/dealers/why?subject=C1",
    "/customers/C1/history",
]
EVERY = [*LISTS, *FIGURES]
SHANGHAI = ZoneInfo("Asia/Shanghai")


def asked(path: str, **more: str) -> str:
    joined = "&".join(f"{name}={value}" for name, value in more.items())
    return f"{path}{'&' if '?' in path else '?'}{joined}"


def file(api: Any, path: str, format: str, **more: str) -> Any:
    answer = api.client.get(asked(path, format=format, **more))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].partition(";")[0] == FORMATS[format].media_type
    return answer


def rows(api: Any, path: str) -> list[dict[str, Any]]:
    """As JSON has them, all pages."""
    name = "rows" if "/why" in path else "data"
    return [row for page in api.pages(path, name) for row in page]


def flat(row: dict[str, Any]) -> dict[str, Any]:
    """As a table has it: the dimensions and changes of *why* have columns of their own."""
    found = dict[str, Any]()
    for name, value in row.items():
        if name in ("dimensions", "change"):
            found |= {f"{name}.{inner}": one for inner, one in value.items()}
        else:
            found[name] = value
    return found


def agree(
    table: list[dict[str, Any]], api: Any, path: str, shown: Any = lambda value: value
) -> None:
    """A table has the rows of JSON, each value as `shown` makes it; a change that is none is 0."""
    expected = [flat(row) for row in rows(api, path)]
    assert len(table) == len(expected)
    for got, row in zip(table, expected, strict=True):
        assert set(row) <= set(got)
        for name, value in got.items():
            zero = 0 if name.startswith("change.") else None
            assert value == shown(row.get(name, zero)), (path, name)


def as_text(value: Any) -> str:
    if value is None:
        return ""
    return (
        value
        if isinstance(value, str)
        else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    )


@pytest.mark.parametrize("path", EVERY)
def test_a_csv_file_has_the_rows_of_the_list_or_the_figure(company: Any, path: str) -> None:
    answer = file(company, path, "csv", header="names")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    table = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    agree(table, company, path, as_text)


@pytest.mark.parametrize("path", EVERY)
def test_lines_of_json_are_the_rows_of_the_list_or_the_figure(company: Any, path: str) -> None:
    answer = file(company, path, "ndjson")
    assert [json.loads(line) for line in answer.content.split(b"\n")[:-1]] == rows(company, path)


def test_lines_of_json_have_the_columns_that_were_asked_for(company: Any) -> None:
    path = "/customers?fields=name,id"
    lines = file(company, path, "ndjson").content.split(b"\n")[:-1]
    assert lines
    assert [list(json.loads(line).items()) for line in lines] == [
        list(row.items()) for row in rows(company, path)
    ]


@pytest.mark.parametrize("path", EVERY)
def test_a_workbook_has_the_rows_with_numbers_and_dates(company: Any, path: str) -> None:
    answer = file(company, path, "xlsx", header="names")
    first, manifest = sheets(answer.content)
    table = [dict(zip(first[0], row, strict=True)) for row in first[1:]]
    agree(table, company, path, in_a_cell)
    assert dict(manifest)["what"] == path.partition("?")[0][1:]


def sheets(content: bytes) -> list[list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def in_a_cell(value: Any) -> Any:
    """What calamine reads of a value: a local date, a float, text; nothing is an empty text."""
    if isinstance(value, int):
        return float(value)
    if isinstance(value, str) and len(value) == 27 and value.endswith("Z"):
        local = datetime.fromisoformat(value).astimezone(SHANGHAI).replace(tzinfo=None)
        return Nearly(local)
    if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-":
        return datetime.fromisoformat(value).date()
    return as_text(value)


class Nearly:
    """An instant, but for what a float of days cannot hold."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __eq__(self, other: object) -> bool:
        return isinstance(other, datetime) and abs((other - self.at).total_seconds()) < 0.01

    __hash__ = None  # type: ignore[assignment]


@pytest.mark.parametrize("path", EVERY)
def test_a_parquet_file_has_the_rows_by_their_types(company: Any, path: str) -> None:
    answer = file(company, path, "parquet")
    table = pq.read_table(io.BytesIO(answer.content))
    agree([readable(row) for row in table.to_pylist()], company, path, nested_as_text)
    told = json.loads(
        pq.read_metadata(io.BytesIO(answer.content)).metadata[b"distributary.manifest"]
    )
    assert told["rows"] == table.num_rows


def readable(row: dict[str, Any]) -> dict[str, Any]:
    return {name: told(value) for name, value in row.items()}


def told(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return value.isoformat() if hasattr(value, "isoformat") else value


def nested_as_text(value: Any) -> Any:
    return as_text(value) if isinstance(value, list | dict) else value


def test_every_file_has_its_rows_on_either_database(own_company: Any) -> None:
    for path in EVERY:
        lines = file(own_company, path, "ndjson").content.split(b"\n")[:-1]
        assert [json.loads(line) for line in lines] == rows(own_company, path), path
        found = pq.read_table(io.BytesIO(file(own_company, path, "parquet").content))
        assert found.num_rows == len(lines), path


def test_many_pages_are_one_file(own_company: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is read page by page has each row once, and ranks go on."""
    paths = ["/stock", "/rankings/products", "/stock/why", "/customers?sort=-name"]
    asked = [(path, kind) for path in paths for kind in ("csv", "parquet")]
    once = [file(own_company, *one).content for one in asked]
    for module in (figures, exports):
        monkeypatch.setattr(module, "PAGE", 1)
    monkeypatch.setattr(records, "STREAMED", 1)
    monkeypatch.setattr(exports.paged, "__defaults__", (1,))
    assert [file(own_company, *one).content for one in asked] == once


@pytest.fixture(scope="module")
def books(shared: Any) -> Any:
    founded(shared)
    return shared


@pytest.mark.parametrize("format", FORMATS)
def test_the_manifest_tells_what_a_file_is_and_what_it_comes_to(books: Any, format: str) -> None:
    path = "/orders?status=shipped&sort=-amount"
    answer = file(books, path, format)
    link = answer.headers["link"].partition(">")[0][1:]
    assert link == f"/exports/{answer.headers['x-export-id']}/manifest"
    found = books.get(link)
    data = rows(books, path)
    assert (found["state"], found["what"], found["by"]) == ("complete", "orders", "tester")
    assert found["parameters"] == {"status": "shipped", "sort": "-amount"}
    assert (found["rows"], found["bytes"]) == (len(data), len(answer.content))
    assert found["sha256"] == hashlib.sha256(answer.content).hexdigest()
    assert found["totals"]["amount"] == {"CNY": sum(row["amount"] for row in data)}
    assert found["position"] == books.get("/status")["head"]


def test_the_same_question_of_the_same_position_has_the_same_bytes(own_company: Any) -> None:
    books, asked = own_company, list(product(("/customers", "/stock", "/funnel/why"), FORMATS))
    position = str(books.get("/status")["head"])
    first = [file(books, *one, as_of=position).content for one in asked]
    books.done("freeze-customer", id="C1", reason="debt")
    books.done("receive-stock", location="WH", item="tea", quantity=1, reference="later")
    books.feed()
    assert [file(books, *one, as_of=position).content for one in asked] == first


def test_headers_are_labels_of_the_readers_language_or_names(company: Any) -> None:
    def first_line(**headers: str) -> list[str]:
        answer = company.client.get("/customers?format=csv", headers=headers)
        return next(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

    english, chinese = first_line(), first_line(**{"Accept-Language": "zh-CN"})
    assert (english[1], chinese[1]) == ("Name", "名称")
    spoken = file(company, "/customers", "csv", language="zh-CN").content.decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(spoken))) == chinese
    names = file(company, "/customers", "csv", header="names").content.decode("utf-8-sig")
    assert names.startswith("id,name,customer_kind,")


def test_every_column_has_a_label_in_chinese(company: Any) -> None:
    for path in (*EVERY, "/customers/C1/timeline"):
        content = file(company, path, "csv", language="zh-CN").content.decode("utf-8-sig")
        labels = next(csv.reader(io.StringIO(content)))
        assert not [label for label in labels if label.isascii()], path


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ("text/csv", "text/csv"),
        ("application/x-ndjson;q=0.9, application/json;q=0.5", "application/x-ndjson"),
        ("text/csv, */*", "application/json"),
        ("application/json", "application/json"),
        ("text/*", "text/csv"),
    ],
)
def test_a_file_can_be_asked_for_by_what_is_accepted(company: Any, accept: str, given: str) -> None:
    answer = company.client.get("/stock", headers={"Accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == given


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/customers?format=csv&limit=10", "limit"),
        ("/funnel?format=xlsx&cursor=abc", "cursor"),
        ("/customers?format=pdf", "format"),
        ("/customers?format=csv&nam=x", "nam"),
        ("/stock?format=csv&holder=nobody", "holder"),
        ("/rankings/dealers?format=csv&by=revenue", "by"),
    ],
)
def test_what_cannot_be_exported_is_refused_before_anything_is_sent(
    company: Any, path: str, parameter: str
) -> None:
    answer = company.client.get(path)
    assert answer.status_code == 400, answer.text
    assert answer.json()["errors"][0]["parameter"] == parameter
    by_accept = path.replace("format=csv&", "")
    if by_accept != path:
        answer = company.client.get(by_accept, headers={"Accept": "text/csv"})
        assert answer.status_code == 400, answer.text


def test_a_history_of_what_is_not_there_is_not_found_as_a_file_either(company: Any) -> None:
    assert company.client.get("/customers/none/history?format=csv").status_code == 404
    assert company.client.get("/exports/0-0/manifest").status_code == 404


@pytest.mark.parametrize("path", ["/customers/C1", "/customers/C1/at/1"])
def test_one_thing_is_no_file(company: Any, path: str) -> None:
    answer = company.client.get(f"{path}?format=csv")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "no_file")
    assert company.get(path, format="json")["data"]["id"] == "C1"


def test_no_field_is_called_as_a_parameter_of_lists_is() -> None:
    for record in RECORDS:
        assert not record.fields.keys() & Listed.model_fields.keys(), record.name
