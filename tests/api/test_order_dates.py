"""What comes back from a shipment, or never arrived, is dated after it was sent."""

from typing import Any

import pytest

ORDERED, SENT, LATER = (f"2026-03-{day:02}T10:00:00+08:00" for day in (1, 10, 20))
BETWEEN, AFTER = "2026-03-05T10:00:00+08:00", "2026-03-12T10:00:00+08:00"
PART = [{"line": 1, "quantity": 1}]
CLAIM = {"order": "O", "shipment": "S1", "line": 1, "fault": "late", "reason": "x"}
BACK = {
    "return-order": {"return_id": "R1", "reason": "broken"},
    "credit-loss": {"loss": "L1", "shipment": "S1"},
}


@pytest.fixture
def shop(both: Any) -> Any:
    return ordered(both)


@pytest.fixture
def till(api: Any) -> Any:
    return ordered(api)


def ordered(both: Any) -> Any:
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


def test_nothing_is_dated_before_what_it_rests_on_in_another_stream(till: Any) -> None:
    till.done("receive-stock", location="W", item="tea", quantity=9, reference="s")
    lines, report = [{"item": "tea", "quantity": 2}], {"dealer": "D", "report": "1"}
    till.done("draft-order", id="P", customer="C", warehouse="W", lines=lines)
    for command in ("submit-order", "approve-order"):
        till.done(command, id="P")
    till.done("register-customer", id="D", name="D", customer_kind="dealer", owner="li")
    till.done("report-dealer-stock", **report, lines=lines, occurred_at=LATER)
    early: dict[str, dict[str, Any]] = {
        "file-claim": {"id": "CL", "quantity": 1, **CLAIM},
        "pick-shipment": {"order": "P", "shipment": "S1", "lines": PART},
        "accept-stock-report": {**report, "variance_reason": "other"},
    }
    for slug, body in early.items():
        answer = till.ask(slug, **body, occurred_at=BETWEEN)
        assert answer.json()["refusal"] == "OutOfOrder", slug
        assert BETWEEN[:10] in answer.json()["detail"]
        flagged = till.done(slug, **body, occurred_at=BETWEEN, dates="flag")["events"]
        assert "DateFlagged" in [event["type"] for event in flagged]


def test_a_day_is_as_late_on_it_as_what_came_before_elsewhere(till: Any) -> None:
    """A company writes the day on its papers, not the hour."""
    told = {"occurred_at": SENT[:10]}
    till.done("issue-invoice", id="I", order="O", shipment="S1", **told)
    till.done("file-claim", id="CL", quantity=1, **CLAIM, **told)
    (issued,) = till.get("/events?type=InvoiceIssued")["data"]
    (filed,) = till.get("/events?type=ClaimFiled")["data"]
    assert issued["occurred_at"] == filed["occurred_at"] == "2026-03-10T02:00:00.000000Z"
    assert till.done("issue-invoice", id="I", order="O", shipment="S1", **told)["repeated"]
    assert till.ask("issue-invoice", id="J", order="O", shipment="S2", **told).status_code == 409
    till.done("enrol-member", id="M", occurred_at=ORDERED)
    paid = {"amount": 100, "currency": "CNY", "occurred_at": SENT}
    till.done("top-up-deposit", id="M", top_up="T", **paid)
    till.done("earn-points", id="M", purchase="P", points=50, occurred_at=SENT)
    till.done("spend-deposit", id="M", spend="S", **(paid | told))
    till.done("redeem-points", id="M", redemption="R", form="gift", points=50, **told)
    till.done("reverse-deposit", id="M", spend="S", reason="x", **told)
    till.done("reverse-earning", id="M", purchase="P", reason="x", **told)
