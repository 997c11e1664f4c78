"""Quotations over HTTP: offered, revised, accepted in time, and ordered once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from virtual_days import Days

from aggregates.calendar import business_day
from infra.clock import instant

DAY = 24 * 3_600


@pytest.fixture
def days(api: Any) -> Days:
    made = Days(api)
    api.done("hire-rep", id="li", name="Li Na", department="sales", region="east")
    api.done("register-customer", id="C1", name="Corner", customer_kind="retailer", owner="li")
    tea = {"name": "Tea", "category": "drinks", "unit": "box", "list_price": 1_000}
    api.done("add-product", id="tea", **tea, currency="CNY")
    shops = {"name": "Shops", "currency": "CNY", "priority": 1, "customer_kind": "retailer"}
    api.done("register-price-list", id="shops", **shops)
    breaks = [{"quantity": 1, "unit_price": 900}, {"quantity": 100, "unit_price": 800}]
    api.done("set-list-price", price_list="shops", product="tea", breaks=breaks)
    return made


def lines(quantity: int) -> list[dict[str, Any]]:
    return [{"item": "tea", "quantity": quantity}]


def draft(days: Days, quantity: int = 10, **more: Any) -> None:
    today = business_day(instant(days.clock.now()))
    until = (today + timedelta(days=5)).isoformat()
    what = {"customer": "C1", "warehouse": "WH-1", "valid_until": until, **more}
    days.api.done("draft-quotation", id="Q1", lines=lines(quantity), **what)


def refusal(api: Any, slug: str, **body: Any) -> str:
    answer = api.ask(slug, **body)
    assert answer.status_code == 409, answer.text
    said: str = answer.json()["detail"]
    return said


def read(api: Any, path: str) -> Any:
    api.feed()
    return api.get(path)["data"]


@pytest.mark.capability("QT-01")
def test_every_quotation_of_a_customer_is_kept_and_the_next_rep_reads_it(days: Days) -> None:
    api = days.api
    draft(days, note="Delivery within a week")
    api.done("send-quotation", id="Q1")
    api.done("hire-rep", id="wu", name="Wu Gang", department="sales", region="east")
    api.done("reassign-customer", id="C1", owner="wu", reason="Li left")
    (found,) = read(api, "/quotations?customer=C1")
    assert (found["id"], found["status"], found["amount"]) == ("Q1", "sent", 9_000)
    assert found["lines"][0]["pricing"]["price_list"] == "shops"
    assert found["note"] == "Delivery within a week"
    told = [one["type"] for one in read(api, "/customers/C1/timeline")]
    assert {"QuotationDrafted"} <= set(told)


@pytest.mark.capability("QT-02")
def test_each_revision_stays_readable_after_the_next_superseded_it(days: Days) -> None:
    api = days.api
    draft(days)
    api.done("send-quotation", id="Q1")
    api.done("revise-quotation", id="Q1", lines=lines(100))
    api.done("send-quotation", id="Q1")
    found = read(api, "/quotations/Q1")
    shown = "revision", "revision_status", "amount"
    assert [tuple(one[name] for name in shown) for one in found["revisions"]] == [
        (1, "superseded", 9_000),
        (2, "sent", 80_000),
    ]
    assert (found["revision"], found["amount"]) == (2, 80_000)
    refused = refusal(api, "accept-quotation", id="Q1", revision=1)
    assert "superseded by revision 2" in refused


@pytest.mark.capability("QT-03")
def test_an_order_takes_over_all_of_an_accepted_quotation_with_nothing_retyped(days: Days) -> None:
    api = days.api
    deal = {"title": "Tea", "amount": 1, "currency": "CNY", "customer": "C1"}
    api.done("open-opportunity", id="O1", **deal)
    draft(days, opportunity="O1")
    api.done("send-quotation", id="Q1")
    api.done("accept-quotation", id="Q1", revision=1, reference="PO-77")
    again = [{"quantity": 1, "unit_price": 5}]
    api.done("set-list-price", price_list="shops", product="tea", breaks=again)
    api.done("order-quotation", id="Q1", revision=1)
    found = read(api, "/quotations/Q1")
    order = read(api, f"/orders/{found['order']}")
    assert found["status"] == "ordered"
    assert order["lines"] == found["lines"]
    assert (order["amount"], order["customer"], order["opportunity"]) == (9_000, "C1", "O1")
    assert (order["quotation"], order["quotation_revision"]) == ("Q1", 1)


def test_however_many_ask_at_once_a_quotation_becomes_one_order(days: Days) -> None:
    api = days.api
    draft(days)
    api.done("send-quotation", id="Q1")
    api.done("accept-quotation", id="Q1", revision=1)

    def ask(number: int) -> int:
        answer = api.ask("order-quotation", id="Q1", revision=1, order=f"S{number}")
        return int(answer.status_code)

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(ask, range(4)))
    assert answers == [200, 409, 409, 409]
    assert len(read(api, "/orders")) == 1


def test_what_nobody_answered_by_its_last_day_expires_by_itself(days: Days) -> None:
    api = days.api
    draft(days)
    api.done("send-quotation", id="Q1")
    days.later(4 * DAY)
    assert read(api, "/quotations/Q1")["status"] == "sent"
    days.later(3 * DAY)
    assert read(api, "/quotations/Q1")["status"] == "expired"
    refused = refusal(api, "order-quotation", id="Q1", revision=1)
    assert "expired" in refused
