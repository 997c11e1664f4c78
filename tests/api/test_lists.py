"""The language of lists: trees, days from today on, who asks, and what the answer says it did."""

from datetime import timedelta
from typing import Any

import pytest

from aggregates.calendar import business_day, day_start
from infra.clock import instant


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
        "where": f"(owner=tester and (registered_at.gte={day} and registered_at.lt={over}))",
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
