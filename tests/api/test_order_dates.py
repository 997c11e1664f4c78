"""What comes back from a shipment, or never arrived, is dated after it was sent."""

from typing import Any

import pytest

ORDERED, SENT, LATER = (f"2026-03-{day:02}T10:00:00+08:00" for day in (1, 10, 20))
BETWEEN, AFTER = "2026-03-05T10:00:00+08:00", "2026-03-12T10:00:00+08:00"
PART = [{"line": 1, "quantity": 1}]
BACK = {
    "return-order": {"return_id": "R1", "reason": "broken"},
    "credit-loss": {"loss": "L1", "shipment": "S1"},
}


@pytest.fixture
def shop(both: Any) -> Any:
    """An order of two, the first of which was sent on the tenth, and the other on the twentieth."""
    at = {"occurred_at": ORDERED}
    both.done("hire-rep", id="li", name="Li", department="e", region="s", **at)
    both.done("register-customer", id="C", name="C", customer_kind="retailer", owner="li", **at)
    about = {"category": "x", "unit": "box", "list_price": 100, "currency": "CNY"}
    both.done("add-product", id="tea", name="Tea", **about, **at)
    both.done("receive-stock", location="W", item="tea", quantity=9, reference="r", **at)
    lines = [{"item": "tea", "quantity": 2}]
    both.done("draft-order", id="O", customer="C", warehouse="W", lines=lines, **at)
    for command in ("submit-order", "approve-order"):
        both.done(command, id="O", **at)
    for shipment, day in (("S1", SENT), ("S2", LATER)):
        both.done("ship-order", id="O", shipment=shipment, lines=PART, occurred_at=day)
    return both


@pytest.mark.parametrize("slug", BACK)
def test_nothing_comes_back_or_is_lost_before_it_was_sent(shop: Any, slug: str) -> None:
    answer = shop.ask(slug, id="O", lines=PART, **BACK[slug], occurred_at=BETWEEN)
    assert (answer.status_code, answer.json()["refusal"]) == (409, "OutOfOrder")
    limit = SENT if slug == "credit-loss" else LATER
    assert limit[:10] in answer.json()["detail"]
    assert BETWEEN[:10] in answer.json()["detail"]
    flagged = {**BACK[slug], "occurred_at": BETWEEN, "dates": "flag"}
    events = shop.done(slug, id="O", lines=PART, **flagged)["events"]
    kinds = [event["type"] for event in events if event["stream"] == "order-O"]
    assert kinds[0] == "DateFlagged"
    assert kinds[1:] == ["OrderReturned" if slug == "return-order" else "OrderLossCredited"]


def test_what_is_found_lost_may_be_dated_before_a_later_shipment(shop: Any) -> None:
    lost = {**BACK["credit-loss"], "occurred_at": AFTER}
    assert shop.done("credit-loss", id="O", lines=PART, **lost)["events"]
    assert shop.done("credit-loss", id="O", lines=PART, **lost)["repeated"]
