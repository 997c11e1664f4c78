"""Whatever happened with a thing, in any context, is one list: the latest first."""

from typing import Any

import pytest


@pytest.fixture
def trade(both: Any) -> Any:
    both.done("hire-rep", id="li", name="Li", department="east", region="sh")
    for shop, kind in (("D1", "dealer"), ("C1", "retailer")):
        both.done("register-customer", id=shop, name=shop, customer_kind=kind, owner="li")
    both.done("register-warehouse", id="W1", name="Main")
    goods = {"category": "tea", "unit": "box", "list_price": 100, "currency": "CNY"}
    both.done("add-product", id="tea", name="Tea", **goods)
    both.done("receive-stock", location="W1", item="tea", reference="R1", quantity=9)
    both.done("draft-order", id="O1", customer="C1", warehouse="W1", lines=[TEA])
    both.done("submit-order", id="O1")
    both.done(
        "sell-out", location="D1", item="tea", sale="S1", quantity=1, amount=9, currency="CNY"
    )
    both.feed()
    return both


TEA = {"item": "tea", "quantity": 2}


def types(api: Any, path: str, **asked: Any) -> list[str]:
    return [row["type"] for row in api.get(path, **asked)["data"]]


def test_a_customer_has_what_mentions_it_and_its_own(trade: Any) -> None:
    assert types(trade, "/customers/C1/timeline") == ["OrderDrafted", "CustomerRegistered"]
    assert types(trade, "/customers/D1/timeline") == ["StockSold", "CustomerRegistered"]


def test_a_product_is_found_in_lines_and_in_the_names_of_streams(trade: Any) -> None:
    assert types(trade, "/products/tea/timeline") == [
        "StockSold",
        "OrderDrafted",
        "StockReceived",
        "ProductAdded",
    ]
    assert types(trade, "/warehouses/W1/timeline")[:2] == ["OrderDrafted", "StockReceived"]
    assert types(trade, "/reps/li/timeline")[-1] == "RepHired"


def test_pages_follow_one_another_and_a_moment_is_kept(trade: Any) -> None:
    whole = trade.get("/products/tea/timeline")["data"]
    first = trade.get("/products/tea/timeline", limit=3)
    second = trade.get("/products/tea/timeline", limit=3, cursor=first["cursor"])
    assert [*first["data"], *second["data"]] == whole
    then = whole[1]["position"]
    assert trade.get("/products/tea/timeline", as_of=then)["data"] == whole[1:]


def test_of_what_was_never_there_it_says_so(trade: Any) -> None:
    answer = trade.client.get("/customers/nobody/timeline")
    assert answer.status_code == 404
    assert "There is no nobody among the customers" in answer.json()["detail"]


def test_a_timeline_can_be_had_as_a_file(trade: Any) -> None:
    answer = trade.client.get("/products/tea/timeline", params={"format": "csv", "header": "names"})
    lines = answer.text.lstrip("\ufeff").splitlines()
    assert lines[0].startswith("position,occurred_at")
    assert len(lines) == 5
