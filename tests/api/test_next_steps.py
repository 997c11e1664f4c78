"""One thing says what may be done next with it, by whoever asks."""

from typing import Any

import pytest


def steps(api: Any, path: str, **params: Any) -> list[str]:
    return [one["command"] for one in api.get(path, **params)["next"]]


@pytest.fixture
def order(both: Any) -> Any:
    both.done("hire-rep", id="R1", name="Li", department="east", region="shanghai")
    both.done("register-customer", id="C1", name="Shop", customer_kind="retailer", owner="R1")
    price = {"list_price": 100, "currency": "CNY", "category": "tea", "unit": "box"}
    both.done("add-product", id="P1", name="Tea", **price)
    both.done("receive-stock", location="W1", item="P1", quantity=9, reference="first")
    line = {"item": "P1", "quantity": 2}
    both.done("draft-order", id="O1", customer="C1", warehouse="W1", lines=[line])
    both.feed()
    return both


def test_an_approved_order_can_be_shipped_and_not_approved(order: Any) -> None:
    assert steps(order, "/orders/O1") == ["submit-order", "redraft-order", "cancel-order"]
    order.done("submit-order", id="O1")
    order.done("approve-order", id="O1")
    order.feed()
    answer = order.client.get("/orders/O1", headers={"Accept-Language": "zh-CN"}).json()
    ship = {"command": "ship-order", "label": "订单发货", "address": "/commands/ship-order"}
    assert answer["next"][0] == {**ship, "amends": False}
    told = [(one["command"], one["amends"]) for one in answer["next"]]
    assert told == [("ship-order", False), ("cancel-order", True)]


def test_of_a_moment_that_is_past_nothing_is_done_next(order: Any) -> None:
    position = order.get("/orders/O1")["freshness"]["position"]
    assert "next" not in order.get("/orders/O1", as_of=position)
    assert "next" not in order.get("/orders/O1/at/1")


def test_what_others_name_is_not_withdrawn_next(order: Any) -> None:
    assert "withdraw-customer" not in steps(order, "/customers/C1")
    order.done("register-customer", id="C2", name="New", customer_kind="retailer", owner="R1")
    order.feed()
    assert "withdraw-customer" in steps(order, "/customers/C2")
    order.done("withdraw-customer", id="C2", reason="twice")
    order.feed()
    assert steps(order, "/customers/C2") == ["register-customer", "withdraw-customer"]


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_what_takes_a_thing_further_comes_first_and_what_processes_ask_last(order: Any) -> None:
    found = steps(order, "/customers/C1")
    assert found[0] == "add-contact"
    assert found.index("add-contact") < found.index("change-customer-details")
    assert found.index("freeze-customer") < found.index("review-pool-deadline")
