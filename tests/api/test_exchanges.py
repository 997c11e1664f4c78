"""Goods come back and others go out in their place: stock, sales and money follow once."""

from typing import Any

import pytest
from virtual_days import driver

ONE = [{"line": 1, "quantity": 2}]
CUPS = [{"line": 2, "quantity": 2}]
EXCHANGE = {"id": "O2", "exchange": "X1", "lines": CUPS, "reason": "尺寸不合"}
BIG = [{"item": "pot", "quantity": 2}]


def on_hand(api: Any, item: str, location: str = "WH") -> int:
    api.feed()
    found = api.get("/stock", location=location, item=item)["data"]
    return sum(one["on_hand"] for one in found)


@pytest.mark.capability("OR-11")
def test_an_exchange_moves_stock_sales_and_what_is_owed_once(sole_company: Any) -> None:
    api = sole_company
    what = {"category": "goods", "unit": "box", "currency": "CNY"}
    api.done("add-product", id="pot", name="Pot", list_price=2_000, **what)
    api.done("receive-stock", location="WH", item="pot", quantity=5, reference="pots")
    settled = {"automatic": True, "due_days": 10}
    api.done("change-settings", id="receivables.invoicing", values=settled, reason="monthly")
    running = driver(api)
    before = on_hand(api, "cup")
    api.done("exchange-order", **EXCHANGE, replacement=BIG)
    again = api.done("exchange-order", **EXCHANGE, replacement=BIG)
    assert again["repeated"]
    assert (on_hand(api, "cup"), on_hand(api, "pot")) == (before + 2, 3)
    order = api.get("/orders/O2")["data"]
    (kept,) = order["exchanges"]
    assert (kept["returned"], kept["amount"], kept["difference"]) == (1_800, 4_000, 2_200)
    sent = api.get(f"/orders/{kept['replacement']}")["data"]
    assert (sent["exchange_of"], sent["status"], sent["shipped"]) == ("O2", "shipped", 4_000)
    while running.step():
        pass
    api.feed()
    (row,) = api.get("/receivables", customer="C3")["data"]
    sold = (3 - 2) * 1_500 + 2 * 900
    assert row["invoiced"] - row["credited"] == row["open"] == sold + 2_200
    other = api.ask("exchange-order", **EXCHANGE, replacement=[{"item": "pot", "quantity": 1}])
    assert (other.status_code, other.json()["refusal"]) == (409, "ReferenceTaken")
    more = {**EXCHANGE, "exchange": "X2"}
    beyond = api.ask("exchange-order", **more, replacement=BIG)
    assert beyond.json()["refusal"] == "BeyondLine"
    short = {**more, "lines": [{"line": 1, "quantity": 1}]}
    none = api.ask("exchange-order", **short, replacement=[{"item": "pot", "quantity": 4}])
    assert none.json()["refusal"] == "NothingToExchange"
    assert (on_hand(api, "cup"), on_hand(api, "pot")) == (before + 2, 3)


def test_the_same_product_costs_what_it_was_sold_for_and_a_dealer_gets_it_on_its_way(
    sole_company: Any,
) -> None:
    api = sole_company
    api.done("receive-transfer", location="C2", item="tea", transfer="S1", quantity=11)
    api.done("reprice-product", id="tea", list_price=9_999)
    swap = {"id": "O1", "exchange": "X1", "lines": ONE, "reason": "broken"}
    api.done("exchange-order", **swap, replacement=[{"item": "tea", "quantity": 2}])
    api.feed()
    (kept,) = api.get("/orders/O1")["data"]["exchanges"]
    assert kept["difference"] == 0
    (held,) = api.get("/stock", location="C2", item="tea")["data"]
    assert (held["on_hand"], held["in_transit"]) == (11 - 2, 2)
