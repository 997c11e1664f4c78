"""What there is can be listed, searched, sorted and opened, now and as of any moment."""

from typing import Any

import pytest

from services.api import records
from services.api.asking_records import Listed
from services.bootstrap import RECORDS

KINDS = [record.name for record in RECORDS]


def opened(api: Any) -> Any:
    """Three customers, of whom one was frozen and one handed over."""
    api.done("hire-rep", id="li", name="Li", department="east", region="shanghai")
    api.done("hire-rep", id="wu", name="Wu", department="south", region="canton")
    for shop, name, owner, city in (
        ("C1", "上海茶行", "li", "上海"),
        ("C2", "Tea House 100%", "li", None),
        ("C3", "广州茶庄", "wu", "广州"),
    ):
        told = {"name": name, "customer_kind": "retailer", "owner": owner, "city": city}
        api.done("register-customer", id=shop, **told, occurred_at=f"2026-01-0{shop[1]}")
    api.done("freeze-customer", id="C1", reason="debt", occurred_at="2026-02-01")
    api.done("reassign-customer", id="C2", owner="wu", reason="move", occurred_at="2026-03-01")
    api.feed()
    return api


@pytest.fixture(scope="module")
def shops(shared: Any) -> Any:
    return opened(shared)


def ids(api: Any, path: str = "/customers", **asked: Any) -> list[str]:
    return [row["id"] for row in api.get(path, **asked)["data"]]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["C1", "C2", "C3"]),
        ({"q": "茶"}, ["C1", "C3"]),
        ({"q": "tea HOUSE"}, ["C2"]),
        ({"q": "100%"}, ["C2"]),
        ({"q": "c2"}, ["C2"]),
        ({"q": "Ｃ"}, ["C1", "C2", "C3"]),
        ({"q": "ouse"}, []),
        ({"q": "shch"}, ["C1"]),
        ({"q": "chahang"}, ["C1"]),
        ({"q": "guangz 茶庄"}, ["C3"]),
        ({"q": "上海", "as_of": "2026-01-02"}, ["C1"]),
        ({"q": "gz", "as_of": "2026-01-02"}, []),
        ({"q": "gz", "as_of": "2026-01-03"}, ["C3"]),
        ({"region": "canton"}, ["C2", "C3"]),
        ({"region": ["canton", "shanghai"], "q": "上海"}, ["C1"]),
        ({"region.not": "canton"}, ["C1"]),
        ({"name.starts": "广"}, ["C3"]),
        ({"name.starts": "tea h"}, ["C2"]),
        ({"version.empty": "false"}, ["C1", "C2", "C3"]),
        ({"registered_at.empty": "true"}, []),
        ({"registered_at": "2026-01-02"}, ["C2"]),
        ({"registered_at": ["2026-01-02", "2026-01-03"]}, ["C2", "C3"]),
        ({"registered_at.not": "2026-01-02"}, ["C1", "C3"]),
        ({"where": "(region=canton and city.empty=true) or name.contains=上海"}, ["C1", "C2"]),
        ({"where": "region=canton", "city.empty": "true"}, ["C2"]),
        ({"where": 'name="Tea House 100%"'}, ["C2"]),
        ({"where": "not (region=shanghai or city.empty=true)"}, ["C3"]),
        ({"name.contains": "茶"}, ["C1", "C3"]),
        ({"city.empty": "true"}, ["C2"]),
        ({"city.empty": "false"}, ["C1", "C3"]),
        ({"frozen": "debt"}, ["C1"]),
        ({"version.gte": "2"}, ["C1", "C2"]),
        ({"registered_at.gt": "2026-01-01"}, ["C2", "C3"]),
        ({"registered_at.gte": "2026-01-02", "registered_at.lt": "2026-01-03"}, ["C2"]),
        ({"registered_at.lte": "2026-01-02"}, ["C1", "C2"]),
        ({"sort": "-registered_at"}, ["C3", "C2", "C1"]),
        ({"sort": "city,-id"}, ["C2", "C1", "C3"]),
    ],
)
def test_a_list_is_filtered_searched_and_sorted(
    shops: Any, asked: dict[str, Any], found: list[str]
) -> None:
    assert ids(shops, **asked) == found


def test_pages_are_the_whole_and_of_one_moment(both: Any) -> None:
    shops = opened(both)
    for sort in ("id", "-city", "city", "-registered_at,name"):
        whole = ids(shops, sort=sort)
        pages = list(shops.pages("/customers", sort=sort, limit=1))
        assert [row["id"] for page in pages for row in page] == whole
    first = shops.get("/customers", limit=1)
    told = {"name": "B", "customer_kind": "retailer", "owner": "li"}
    shops.done("register-customer", id="B0", **told)
    shops.done("register-customer", id="C0", **told)
    shops.feed()
    rest = [row["id"] for page in shops.pages(first["next"]) for row in page]
    assert rest == ["C2", "C3"]


def test_how_many_there_are_is_told_where_it_is_asked(shops: Any) -> None:
    page = shops.get("/customers", limit=1, count="exact")
    assert (page["count"], page["capped"]) == (3, False)
    assert shops.get("/customers", limit=1, count="capped", q="茶")["count"] == 2
    assert "count" not in shops.get("/customers")


def test_a_list_as_of_a_moment_is_what_was_true_then(shops: Any) -> None:
    assert ids(shops, as_of="2026-01-02") == ["C1", "C2"]
    assert ids(shops, as_of="2026-01-31", frozen="debt") == []
    assert ids(shops, as_of="2026-02-01", frozen="debt") == ["C1"]
    assert ids(shops, as_of="2026-02-28", region="shanghai") == ["C1", "C2"]
    assert ids(shops, as_of=4) == ["C1", "C2"]


def test_one_thing_has_its_version_for_a_tag_and_a_history(shops: Any) -> None:
    answer = shops.client.get("/customers/C1")
    assert answer.headers["etag"] == '"2"'
    assert answer.json()["data"]["frozen"] == "debt"
    assert shops.get("/customers/C1/at/1")["data"]["frozen"] is None
    registered, frozen = shops.get("/customers/C1/history")["data"]
    assert registered["changes"]["name"] == {"from": None, "to": "上海茶行"}
    assert (frozen["type"], frozen["changes"]) == (
        "CustomerFrozen",
        {"frozen": {"from": None, "to": "debt"}},
    )
    pages = list(shops.pages("/customers/C1/history", limit=1))
    assert [row["version"] for page in pages for row in page] == [1, 2]


@pytest.mark.parametrize(
    ("path", "parameter", "meant"),
    [
        ("/customers?nam=x", "nam", "name"),
        ("/customers?name.start=x", "name.start", "name.starts"),
        ("/customers?sort=-nmae", "sort", "name"),
        ("/products?list_price=x", "list_price", "digits alone"),
        ("/products?list_price.contains=1", "list_price.contains", "number"),
        ("/customers?city.empty=maybe", "city.empty", "true or false"),
        ("/customers?registered_at.gt=yesterdy", "registered_at.gt", "yesterday"),
        ("/orders?lines=x", "lines", "field"),
        ("/customers?q=--", "q", "digit"),
        ("/customers?fields=id,nam", "fields", "name"),
        ("/customers?facets=regon", "facets", "region"),
        ("/orders?totals=customer", "totals", "amount"),
        ("/orders?totals=drafted_at", "totals", "shipped"),
        ("/customers?city.under=x", "city.under", "tree"),
        ("/opportunities?expected_close=soon", "expected_close", "this-week"),
        ("/customers?where=city=x&where=name=y", "where", "once"),
        ("/customers?where=city=x and (nam=y)", "where", "At character 13, nam=y): "),
    ],
)
def test_what_is_no_field_or_no_value_is_refused_with_what_was_meant(
    company: Any, path: str, parameter: str, meant: str
) -> None:
    answer = company.client.get(path)
    assert answer.status_code == 400, answer.text
    (error,) = answer.json()["errors"]
    assert error["parameter"] == parameter
    assert meant in error["message"]
    spoken = company.client.get(path, headers={"Accept-Language": "zh-CN"}).json()
    assert spoken["errors"][0]["message"] != error["message"]


def test_every_kind_is_listed_and_what_is_not_there_is_not_found(api: Any) -> None:
    for kind in KINDS:
        assert api.get(f"/{kind}", count="exact")["count"] == 0
        for path in (f"/{kind}/none", f"/{kind}/none/history", f"/{kind}/none/at/1"):
            answer = api.client.get(path)
            assert (answer.status_code, "none" in answer.json()["detail"]) == (404, True)


def test_records_of_the_days_work_say_how_things_stand(company: Any) -> None:
    """Each kind, against what the company of the other tests did."""
    orders = company.get("/orders", sort="id")["data"]
    assert {row["status"] for row in orders} <= {"submitted", "approved", "shipped", "draft"}
    for row in orders:
        assert row["amount"] == sum(line["amount"] for line in row["lines"])
        sent = [line for one in row["shipments"] for line in one["lines"]]
        assert row["shipped"] == sum(line["amount"] for line in sent)
    won = company.get("/opportunities", status="won")["data"]
    funnel = company.get("/funnel", stage="won")["data"]
    assert sum(row["amount"] for row in won) == sum(row["amount"] for row in funnel)
    opened = company.get("/opportunities", status="open")["data"]
    live = [r for r in company.get("/funnel")["data"] if r["stage"] not in ("won", "lost")]
    assert len(opened) == sum(row["deals"] for row in live)
    assert ids(company, "/products", sort="-list_price") == ["tea", "cup"]
    assert ids(company, "/reps", department="east") == ["li"]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_a_list_is_of_the_shape_that_the_document_shows(record: Any, company: Any) -> None:
    many, _ = records.shapes(record)
    answer = company.client.get(f"/{record.name}")
    page: Any = many.model_validate_json(answer.content, strict=True)
    assert page.model_extra == {}
    assert {type(row).__name__ for row in page.data} <= {f"{record.name.title()}Row"}


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_no_field_is_called_like_a_parameter_of_every_list(record: Any) -> None:
    assert not set(record.columns) & set(Listed.model_fields)
