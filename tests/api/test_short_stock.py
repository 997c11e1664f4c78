"""A count finds less than is promised: who goes without is told, and waits for what comes."""

from typing import Any

import pytest
from api.test_lots import statuses
from api.test_notices import Notified

AT = {"location": "W1", "item": "tea"}


@pytest.fixture
def short(api: Any) -> Notified:
    """Ten are promised, five to each; seven are there."""
    company = Notified(api)
    api.done("grant-role", id="mei", role="warehouse", everything=True)
    api.done("receive-stock", **AT, quantity=10, reference="R1")
    for rep, name in (("li", "O1"), ("wu", "O2")):
        company.ordered(rep, name, 5)
        api.done("approve-order", id=name)
    company.tell()
    api.done("count-stock", **AT, counted=7, reference="C1")
    company.tell()
    return company


def row(api: Any) -> tuple[int, ...]:
    api.feed()
    (found,) = api.get("/stock", **AT)["data"]
    return tuple(found[name] for name in ("on_hand", "reserved", "available", "short"))


@pytest.mark.capability("IN-03")
def test_a_count_below_what_is_promised_names_the_last_order_to_the_warehouse_and_its_owner(
    short: Notified,
) -> None:
    assert row(short.api) == (7, 10, -3, 3)
    told = {who: [one["notice"] for one in short.inbox(who)] for who in ("mei", "wu", "li")}
    assert told == {"mei": ["stock-short"], "wu": ["stock-short"], "li": []}
    timeline = short.api.get("/orders/O2/timeline")["data"]
    (event,) = [one for one in timeline if one["type"] == "StockFellShort"]
    assert event["data"]["orders"] == [{"order": "O2", "quantity": 3}]
    short.api.done("count-stock", **AT, counted=7, reference="C2")
    short.tell()
    assert len(short.inbox("mei")) == 1, "what is known is not told again"


def test_who_goes_without_keeps_what_is_there_and_waits_for_the_rest(short: Notified) -> None:
    api = short.api
    api.done("defer-order", id="O2", reason="盘亏", partial=True)
    assert row(api) == (7, 7, 0, 0)
    refused = api.ask("defer-order", id="O1", reason="盘亏")
    assert (refused.status_code, refused.json()["refusal"]) == (409, "NothingShort")
    assert statuses(api)[1:] == ["approved", "approved", "submitted"]
    api.done("receive-stock", **AT, quantity=3, reference="R2")
    assert statuses(api)[1:] == ["approved"] * 3
    assert row(api) == (10, 10, 0, 0)


@pytest.mark.capability("IN-03")
def test_damaged_goods_are_blocked_though_promised_and_who_was_served_last_waits(api: Any) -> None:
    company = Notified(api)
    api.done("receive-stock", **AT, quantity=10, reference="R1")
    for rep, name in (("li", "O1"), ("wu", "O2")):
        company.ordered(rep, name, 5)
        api.done("approve-order", id=name)
    company.tell()
    wet = {**AT, "reference": "H1", "quantity": 3, "reason": "damaged"}
    api.done("block-stock", **wet)
    assert api.done("block-stock", **wet)["repeated"]
    assert row(api) == (10, 7, 0, 0)
    company.tell()
    assert [one["notice"] for one in company.inbox("wu")] == ["reservation-lapsed"]
    assert company.inbox("li") == []
    assert statuses(api)[1:] == ["approved", "approved", "submitted"]
    api.done("pick-shipment", order="O1", shipment="S1")
    refused = api.ask("block-stock", **{**wet, "reference": "H2", "quantity": 4})
    assert (refused.status_code, refused.json()["refusal"]) == (409, "NotFreeToBlock")
    assert "held for O1, of" in refused.json()["detail"]
    api.done("block-stock", **{**wet, "reference": "H2", "quantity": 2})
    assert (statuses(api)[1:], row(api)) == (["approved", "submitted", "submitted"], (10, 5, 0, 0))
    api.done("unblock-stock", **AT, reference="H1", document="QC-1")
    assert (statuses(api)[1:], row(api)) == (["approved", "submitted", "approved"], (10, 8, 0, 0))
