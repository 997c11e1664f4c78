"""Quotations over HTTP: offered, revised, accepted in time, and ordered once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from virtual_days import Days

from aggregates.calendar import business_day
from infra.clock import instant

DAY = 24 * 3_600


def selling(api: Any) -> Days:
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


@pytest.fixture
def days(api: Any) -> Days:
    return selling(api)


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
    assert api.done("order-quotation", id="Q1", revision=1)["repeated"]
    api.done("cancel-order", id=found["order"], reason="cancelled the wrong one")
    api.done("order-quotation", id="Q1", revision=1)
    other = read(api, f"/orders/{read(api, '/quotations/Q1')['order']}")
    assert (other["id"] != order["id"], other["lines"]) == (True, order["lines"])


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


@pytest.mark.parametrize(
    ("verb", "said", "status"),
    [("accept", {}, "accepted"), ("refuse", {"reason": "dear"}, "refused")],
)
def test_an_answer_that_came_in_time_is_taken_after_the_last_day(
    days: Days, verb: str, said: dict[str, str], status: str
) -> None:
    api = days.api
    draft(days)
    api.done("send-quotation", id="Q1")
    sent = instant(days.clock.now())
    days.later(7 * DAY)
    assert read(api, "/quotations/Q1")["status"] == "expired"
    answer = {"id": "Q1", "revision": 1, **said}
    assert "expired" in refusal(api, f"{verb}-quotation", **answer)
    late = (sent + timedelta(days=7)).isoformat()
    assert "expired" in refusal(api, f"{verb}-quotation", **answer, occurred_at=late)
    early = (sent - timedelta(days=1)).isoformat()
    assert api.ask(f"{verb}-quotation", **answer, occurred_at=early).status_code == 409
    api.done(f"{verb}-quotation", **answer, occurred_at=(sent + timedelta(days=2)).isoformat())
    assert read(api, "/quotations/Q1")["status"] == status
    days.later(DAY)
    assert read(api, "/quotations/Q1")["status"] == status
    for day, then in ((1, "sent"), (3, status)):
        as_of = (sent + timedelta(days=day)).isoformat()
        assert api.get("/quotations/Q1", as_of=as_of)["data"]["status"] == then


@pytest.mark.capability("QT-05")
def test_prices_are_adjusted_in_time_and_no_old_document_is_priced_anew(days: Days) -> None:
    api = days.api
    draft(days)
    today = business_day(instant(days.clock.now()))
    raised = {
        "breaks": [{"unit_price": 990}],
        "valid_from": (today + timedelta(days=2)).isoformat(),
    }
    api.done("set-list-price", price_list="shops", product="tea", **raised)
    asked = {"customer": "C1", "product": "tea"}
    api.feed()
    assert api.get("/prices", **asked)["data"]["unit_price"] == 900
    days.later(3 * DAY)
    api.feed()
    now = api.get("/prices", **asked)["data"]
    assert (now["unit_price"], now["pricing"]["price_version"]) == (990, 2)
    assert api.get("/quotations/Q1")["data"]["amount"] == 9_000


@pytest.mark.capability("QT-06")
def test_while_negotiating_price_stock_and_what_is_owed_are_read_at_once(days: Days) -> None:
    api = days.api
    place = {"location": "WH-1", "item": "tea"}
    api.done("receive-stock", **place, quantity=50, reference="opening")
    rule = {"name": "Spring", "priority": 1, "stacking": "stackable", "discount_bp": 1_000}
    api.done("register-discount-rule", id="spring", **rule)
    api.feed()
    asked = {"customer": "C1", "product": "tea", "quantity": 10, "warehouse": "WH-1"}
    found = api.get("/prices", **asked)["data"]
    assert (found["unit_price"], found["amount"]) == (900, 8_100)
    assert found["stock"] == {"warehouse": "WH-1", "on_hand": 50, "available": 50}
    assert found["owed"] == {"open": {}, "overdue": {}}
    assert found["because"] == [
        "Price list shops (version 1): Chosen.",
        "The list price is CNY 9.00, by shops.",
        "Discount rule spring (version 1): Applied, CNY 9.00 taken off.",
    ]


def test_a_line_says_why_it_costs_what_it_does(days: Days) -> None:
    api = days.api
    draft(days, 100)
    api.done("send-quotation", id="Q1")
    api.done("accept-quotation", id="Q1", revision=1)
    api.done("order-quotation", id="Q1", revision=1, order="S1")
    api.feed()
    for path in ("/quotations/Q1/lines/1/why", "/orders/S1/lines/1/why"):
        found = api.get(path)["data"]
        assert (found["unit_price"], found["pricing"]["from_quantity"]) == (800, 100)
        assert found["because"][-1] == "The list price is CNY 8.00, by shops."
    assert api.client.get("/orders/S1/lines/2/why").status_code == 404


def test_a_price_of_what_is_not_sold_says_so(days: Days) -> None:
    days.api.feed()
    answer = days.api.client.get("/prices", params={"customer": "C1", "product": "gold"})
    assert answer.status_code == 409
    assert answer.json()["refusal"] == "Unknown"


def test_whom_no_price_list_is_for_orders_at_the_products_own_price(days: Days) -> None:
    api = days.api
    api.done("register-customer", id="D1", name="Agent", customer_kind="dealer", owner="li")
    api.done("draft-order", id="O1", customer="D1", warehouse="WH-1", lines=lines(2))
    order = read(api, "/orders/O1")
    assert (order["amount"], order["lines"][0]["pricing"]["price_list"]) == (2_000, None)
