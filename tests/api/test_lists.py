"""The language of lists: trees, days from today on, who asks, and what the answer says it did."""

from datetime import timedelta
from typing import Any

import pytest

from aggregates.calendar import business_day, day_start
from infra.clock import instant
from projections.engine import tallies
from services.bootstrap import RECORDS


@pytest.fixture
def shelf(both: Any) -> Any:
    """Goods in a tree of categories, a deal of whoever asks and one of somebody else."""
    for name, parent in (("food", None), ("tea", "food"), ("green", "tea"), ("tools", None)):
        both.done("register-category", id=name, name=name, parent=parent)
    for item, category in (("T1", "tea"), ("G1", "green"), ("F1", "food"), ("W1", "tools")):
        told = {"name": item, "list_price": 100, "cost": 50, "unit": "box", "currency": "CNY"}
        both.done("add-product", id=item, category=category, **told)
    today = business_day(instant(both.platform.database.clock.now()))
    for rep, day in (("tester", -1), ("li", 0)):
        both.done("hire-rep", id=rep, name=rep, department="east", region="shanghai")
        told = {"name": rep, "customer_kind": "retailer", "owner": rep}
        at = day_start(today + timedelta(days=day)).isoformat()
        both.done("register-customer", id=f"C-{rep}", **told, occurred_at=at)
    both.feed()
    return both


def ids(api: Any, path: str, **asked: Any) -> list[str]:
    return [row["id"] for row in api.get(path, **asked)["data"]]


def test_what_lies_below_in_a_tree_is_found_with_it_as_of_the_moment(shelf: Any) -> None:
    before = shelf.get("/products")["freshness"]["position"]
    assert ids(shelf, "/products", **{"category.under": "food"}) == ["F1", "G1", "T1"]
    assert ids(shelf, "/products", **{"category.under": ["green", "tools"]}) == ["G1", "W1"]
    assert ids(shelf, "/products", where="not category.under=tea") == ["F1", "W1"]
    assert ids(shelf, "/categories", **{"id.under": "tea"}) == ["green", "tea"]
    assert ids(shelf, "/categories", **{"parent.under": "food"}) == ["green", "tea"]
    shelf.done("change-category", id="green", parent="tools")
    shelf.feed()
    assert ids(shelf, "/products", **{"category.under": "food"}) == ["F1", "T1"]
    then = ids(shelf, "/products", as_of=before, **{"category.under": "food"})
    assert then == ["F1", "G1", "T1"]


def test_departments_are_a_tree_wherever_they_are_named(both: Any) -> None:
    for name, parent in (("sales", None), ("east", "sales"), ("stores", None)):
        both.done("register-department", id=name, name=name, parent=parent)
    both.done("register-region", id="cn", name="cn")
    for rep, department in (("li", "east"), ("wu", "stores"), ("mo", "sales")):
        both.done("hire-rep", id=rep, name=rep, department=department, region="cn")
    both.feed()
    assert ids(both, "/reps", **{"department.under": "sales"}) == ["li", "mo"]
    assert ids(both, "/reps", **{"department.under": "sales", "region.under": "x"}) == []


def test_names_of_every_kind_are_sorted_as_they_are_read(both: Any) -> None:
    for record in RECORDS:
        if record.title is not None:
            assert record.fields[record.title].mark.by_reading, record.name
    for who, name in (("R1", "张伟"), ("R2", "陈芳"), ("R3", "Amy"), ("R4", "李娜")):
        both.done("hire-rep", id=who, name=name, department="east", region="shanghai")
        both.done("enrol-member", id=who, name=name)
        both.done("register-warehouse", id=who, name=name)
    both.feed()
    before = both.get("/reps")["freshness"]["position"]
    both.done("change-member-details", id="R1", name="白")
    both.feed()
    for path in ("/reps", "/members", "/warehouses"):
        assert ids(both, path, sort="name", as_of=before) == ["R3", "R2", "R4", "R1"]
    assert ids(both, "/members", sort="-name") == ["R4", "R2", "R1", "R3"]
    first = both.get("/members", sort="name", limit=2)
    next_page = both.get(first["next"])["data"]
    assert [row["name"] for row in first["data"] + next_page] == ["Amy", "白", "陈芳", "李娜"]


def test_days_are_those_of_the_company_and_me_is_who_asks(shelf: Any) -> None:
    assert ids(shelf, "/customers", registered_at="yesterday") == ["C-tester"]
    assert ids(shelf, "/customers", registered_at="today") == ["C-li"]
    assert ids(shelf, "/customers", **{"registered_at.gte": "-1d"}) == ["C-li", "C-tester"]
    assert ids(shelf, "/customers", owner="me") == ["C-tester"]
    assert ids(shelf, "/reps", **{"id.not": "me"}) == ["li"]
    tomorrow = business_day(instant(shelf.platform.database.clock.now())) + timedelta(days=1)
    assert ids(shelf, "/customers", registered_at="yesterday", as_of=tomorrow.isoformat()) == [
        "C-tester"
    ], "no day to come is today"


def test_the_answer_says_what_it_was_asked_in_the_readers_language(shelf: Any) -> None:
    asked = {"owner": "me", "registered_at": "yesterday", "q": "t", "sort": "-registered_at,id"}
    day = business_day(instant(shelf.platform.database.clock.now())) - timedelta(days=1)
    over = day + timedelta(days=1)
    told = shelf.get("/customers", **asked)["asked"]
    assert told == {
        "words": f"Customers: Owner is “tester” and Registered at on {day}; with “t”;"
        " sorted by Registered at from the top down, Id",
        "where": f"owner=tester and (registered_at.gte={day} and registered_at.lt={over})",
    }
    assert ids(shelf, "/customers", where=told["where"]) == ["C-tester"]
    answer = shelf.client.get("/customers", params=asked, headers={"Accept-Language": "zh"})
    assert answer.json()["asked"]["words"].startswith(f"客户：负责人是“tester” 且 登记时间在 {day}")
    assert shelf.get("/customers")["asked"] == {
        "words": "Customers: all; sorted by Id",
        "where": "",
    }


def test_later_pages_are_of_the_same_day_as_the_first(shelf: Any, monkeypatch: Any) -> None:
    asked = {"registered_at.gte": "yesterday", "limit": 1}
    first = shelf.get("/customers", **asked)
    clock = shelf.platform.database.clock
    later = clock.now() + 5 * 24 * 3_600 * 1_000_000
    monkeypatch.setattr(type(clock), "now", lambda _: later)
    second = shelf.get(first["next"])
    assert [row["id"] for row in second["data"]] == ["C-tester"]
    assert second["asked"] == first["asked"]
    assert ids(shelf, "/customers", **asked) == []


def test_a_file_has_the_rows_that_are_asked_for(shelf: Any) -> None:
    asked = {"where": "owner=me or registered_at=today", "sort": "-id", "format": "ndjson"}
    answer = shelf.client.get("/customers", params=asked)
    assert [line.split('"')[3] for line in answer.text.splitlines()] == ["C-tester", "C-li"]


def test_facets_count_under_the_other_conditions_and_totals_are_by_currency(shelf: Any) -> None:
    told = {"name": "X", "cost": 1, "unit": "box", "category": "tools"}
    shelf.done("add-product", id="X1", **told, list_price=7, currency="EUR")
    shelf.done("add-product", id="X2", **told, list_price=10**15, currency="CNY")
    shelf.feed()
    asked = {"category": "tools", "list_price.gte": "10", "facets": "category,currency"}
    found = shelf.get("/products", totals="list_price,cost", expand="names", limit=1, **asked)
    tools, *others = found["facets"]["category"]["values"]
    assert tools == {"value": "tools", "count": 2}
    assert others == [{"value": name, "count": 1} for name in ("food", "green", "tea")]
    assert found["facets"]["currency"] == {"values": [{"value": "CNY", "count": 2}], "more": 0}
    assert found["totals"] == {"list_price": {"CNY": 10**15 + 100}, "cost": {"CNY": 51}}
    assert found["names"]["category"]["green"] == "green"
    assert "facets" not in shelf.get(found["next"])
    mixed = shelf.get("/products", totals="list_price", category="tools")["totals"]
    assert mixed == {"list_price": {"CNY": 10**15 + 100, "EUR": 7}}
    assert shelf.get("/products", totals="cost", id="none")["totals"] == {"cost": {}}


def test_of_many_values_the_most_frequent_are_shown_and_the_rest_is_counted(shelf: Any) -> None:
    told = {"customer_kind": "retailer", "owner": "li"}
    for number in range(60):
        shelf.done("register-customer", id=f"D{number}", name=f"N{number:02}", **told)
    shelf.feed()
    facets = shelf.get("/customers", facets="name,city")["facets"]
    assert (len(facets["name"]["values"]), facets["name"]["more"]) == (50, 12)
    assert facets["city"] == {"values": [{"value": None, "count": 62}], "more": 0}


def test_of_very_many_rows_an_answer_says_what_was_counted_and_what_was_not_added_up(
    shelf: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"facets": "currency", "totals": "cost", "limit": 1}
    whole = shelf.get("/products", **asked)
    assert not {"facets_of", "totals_over"} & whole.keys()
    monkeypatch.setattr(tallies, "COUNTED", 1)
    monkeypatch.setattr(tallies, "ADDED", 1)
    found = shelf.get("/products", **asked)
    assert (found["facets_of"], found["totals_over"], "totals" in found) == (1, 1, False)
    exact = shelf.get("/products", count="exact", **asked)
    assert exact["facets"] == whole["facets"]
    assert exact["totals"] == whole["totals"]
    assert "facets_of" not in exact


def test_only_the_columns_that_are_named_are_answered_in_their_order(shelf: Any) -> None:
    (row, *_) = shelf.get("/products", fields="name,id,position")["data"]
    assert list(row) == ["name", "id", "position"]
    asked = {"fields": "list_price,id", "format": "csv", "header": "names"}
    answer = shelf.client.get("/products", params={**asked, "where": "id=G1 or id=T1"})
    assert answer.text.splitlines()[0].lstrip("\ufeff") == "list_price,id"
    manifest = shelf.get(f"/exports/{answer.headers['x-export-id']}/manifest")
    assert manifest["where"] == "id=G1 or id=T1"
    assert manifest["words"] == "Products: Id is “G1” or Id is “T1”; sorted by Id"
