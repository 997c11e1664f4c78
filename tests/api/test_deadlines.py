"""What processes will ask is seen over HTTP, happens in its time, and can be stopped."""

import time
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from virtual_days import Days, driver

from infra.clock import instant
from services.api.deadlines import DeadlineQuery
from services.processes import holds

DAY = 86_400


def founded(api: Any) -> None:
    api.done("hire-rep", id="li", name="Li", department="east", region="shanghai")
    api.done("register-customer", id="C1", name="C1", customer_kind="retailer", owner="li")
    api.done("register-customer", id="D1", name="D1", customer_kind="dealer", owner="li")
    of = {"category": "x", "unit": "box", "list_price": 100, "currency": "CNY"}
    api.done("add-product", id="tea", name="Tea", **of)


def ordered(api: Any, order: str, quantity: int, **terms: Any) -> Any:
    lines = [{"item": "tea", "quantity": quantity}]
    api.done("draft-order", id=order, customer="C1", warehouse="WH", lines=lines)
    api.done("submit-order", id=order)
    return api.ask("approve-order", id=order, **terms)


def received(api: Any, quantity: int, reference: str) -> None:
    api.done("receive-stock", location="WH", item="tea", quantity=quantity, reference=reference)


def status(api: Any, order: str) -> str:
    api.feed()
    return str(api.get(f"/orders/{order}")["data"]["status"])


def events(api: Any, kind: str) -> list[dict[str, Any]]:
    return [one["data"] for one in api.get("/events", type=kind)["data"]]


def pending(api: Any, **asked: Any) -> list[tuple[str, str]]:
    found = api.get("/deadlines", **asked)["data"]
    return [(row["purpose"], row["about"]) for row in found]


@pytest.fixture
def days(api: Any) -> Days:
    made = Days(api)
    founded(api)
    return made


def test_an_order_that_waits_for_longer_than_it_was_to_leaves_the_backlog(days: Days) -> None:
    api = days.api
    assert ordered(api, "O1", 5, wait_until=days.after(3 * DAY)).status_code == 409
    ordered(api, "O2", 5)
    days.run()
    assert pending(api) == [("wait", "order-O1")]
    days.later(3 * DAY - 1)
    assert events(api, "BacklogLeft") == []
    days.later(1)
    assert events(api, "BacklogLeft") == [{"order": "O1", "reason": "expired", "rule": None}]
    assert pending(api) == []
    received(api, 10, "R1")
    days.run()
    assert (status(api, "O1"), status(api, "O2")) == ("submitted", "approved")


def test_an_order_whose_goods_come_while_it_waits_is_approved(days: Days) -> None:
    api = days.api
    ordered(api, "O1", 5, wait_until=days.after(3 * DAY))
    days.later(DAY)
    received(api, 5, "R1")
    days.later(9 * DAY)
    assert status(api, "O1") == "approved"
    assert [one["reason"] for one in events(api, "BacklogLeft")] == ["served"]


def test_an_order_that_is_to_wait_longer_keeps_its_place_in_line(days: Days) -> None:
    api = days.api
    ordered(api, "O1", 5, wait_until=days.after(DAY))
    ordered(api, "O2", 5)
    days.run()
    api.ask("approve-order", id="O1", wait_until=days.after(5 * DAY))
    days.later(2 * DAY)
    received(api, 5, "R1")
    days.run()
    assert (status(api, "O1"), status(api, "O2")) == ("approved", "submitted")


def test_an_order_that_has_come_to_lack_another_item_as_well_waits_no_longer(days: Days) -> None:
    api = days.api
    of = {"category": "x", "unit": "box", "list_price": 100, "currency": "CNY"}
    api.done("add-product", id="cup", name="Cup", **of)
    api.done("receive-stock", location="WH", item="cup", quantity=1, reference="R1")
    lines = [{"item": item, "quantity": 1} for item in ("tea", "cup")]
    api.done("draft-order", id="O1", customer="C1", warehouse="WH", lines=lines)
    api.done("submit-order", id="O1")
    api.ask("approve-order", id="O1", wait_until=days.after(DAY))
    gone = {"quantity": 1, "reason": "sample", "reference": "I1"}
    api.done("issue-stock", location="WH", item="cup", **gone)
    days.later(DAY)
    assert [one["reason"] for one in events(api, "BacklogLeft")] == ["expired"]


def test_goods_that_were_held_long_enough_are_let_go_for_others(days: Days) -> None:
    api = days.api
    received(api, 5, "R1")
    assert ordered(api, "O1", 5, hold_until=days.after(3 * DAY)).status_code == 200
    ordered(api, "O2", 5)
    days.run()
    assert pending(api) == [("lapse", "order-O1")]
    days.later(3 * DAY)
    assert (status(api, "O1"), status(api, "O2")) == ("submitted", "approved")
    (lapsed,) = events(api, "OrderReservationLapsed")
    assert lapsed["released"] == [{"item": "tea", "quantity": 5}]
    received(api, 5, "R2")
    api.done("approve-order", id="O1")
    assert (status(api, "O1"), pending(api)) == ("approved", [])


def test_goods_are_held_for_as_long_as_the_settings_of_the_day_say(days: Days) -> None:
    api = days.api
    received(api, 5, "R1")
    api.done("change-settings", id="inventory.reservations", values={"days": 4}, reason="r")
    ordered(api, "O1", 5)
    (approved,) = events(api, "OrderApproved")
    assert approved["hold_until"] == "2026-03-06T12:00:00Z"
    assert approved["settings"] == "inventory.reservations:1"
    api.done("change-settings", id="inventory.reservations", values={"days": None}, reason="r")
    ordered(api, "O2", 5)
    days.later(4 * DAY)
    assert (status(api, "O1"), status(api, "O2")) == ("submitted", "approved")
    assert pending(api) == []


def test_an_order_that_ships_in_time_keeps_what_is_left(days: Days) -> None:
    api = days.api
    received(api, 5, "R1")
    ordered(api, "O1", 5, hold_until=days.after(3 * DAY))
    api.done("ship-order", id="O1", shipment="S1", lines=[{"line": 1, "quantity": 2}])
    days.later(9 * DAY)
    assert (status(api, "O1"), pending(api)) == ("partly_shipped", [])


def test_nothing_waits_until_a_moment_that_has_passed(days: Days) -> None:
    received(days.api, 5, "R1")
    answer = ordered(days.api, "O1", 5, hold_until=days.after(-60))
    assert (answer.status_code, answer.json()["refusal"]) == (409, "AlreadyOver")
    assert "has passed: it is" in answer.json()["detail"]


def test_points_end_with_their_last_day_whether_or_not_anybody_asks(days: Days) -> None:
    api = days.api
    api.done("enrol-member", id="M1", name="Wu", phone="13800000000", dealer="D1", program="gold")
    api.done("earn-points", id="M1", purchase="P1", points=70, expires_on="2026-03-10")
    api.done("earn-points", id="M1", purchase="P2", points=30, expires_on="2026-03-10")
    api.done("earn-points", id="M1", purchase="P3", points=5)
    days.run()
    assert pending(api) == [("expiry", "member-M1")] * 2
    first = api.get("/deadlines")["data"][0]
    assert first["due"] == "2026-03-10T16:00:00.000000Z"
    midnight = datetime(2026, 3, 10, 16, tzinfo=UTC) - instant(days.clock.now())
    days.later(midnight.total_seconds() - 1)
    assert events(api, "PointsExpired") == []
    days.later(1)
    (expired,) = events(api, "PointsExpired")
    assert (expired["points"], expired["on"]) == (100, "2026-03-11")
    assert pending(api) == [("expiry", "member-M1")]


def test_points_that_come_back_to_a_lot_that_has_ended_end_as_well(days: Days) -> None:
    api = days.api
    api.done("enrol-member", id="M1", name="Wu", phone="13800000000", dealer="D1", program="gold")
    api.done("earn-points", id="M1", purchase="P1", points=70, expires_on="2026-03-10")
    api.done("redeem-points", id="M1", redemption="R1", form="gift", points=70)
    days.later(20 * DAY)
    assert events(api, "PointsExpired") == []
    api.done("reverse-redemption", id="M1", redemption="R1")
    days.run()
    assert [one["points"] for one in events(api, "PointsExpired")] == [70]


def test_a_deadline_that_is_cancelled_is_not_asked_and_says_why(days: Days) -> None:
    api = days.api
    received(api, 5, "R1")
    ordered(api, "O1", 5, hold_until=days.after(3 * DAY))
    days.run()
    (row,) = api.get("/deadlines", process="reservations")["data"]
    about = {name: row[name] for name in ("purpose", "subject", "scheduled_by")}
    api.done("cancel-deadline", id=row["process"], **about, reason="promised by telephone")
    days.run()
    assert pending(api) == []
    days.later(9 * DAY)
    assert status(api, "O1") == "approved"
    assert events(api, "DeadlineCancelled") == [{**about, "reason": "promised by telephone"}]


def test_deadlines_are_listed_a_page_at_a_time_in_the_order_in_which_they_are_due(
    days: Days,
) -> None:
    api = days.api
    for number in range(7):
        until = days.after((7 - number) * DAY)
        ordered(api, f"O{number}", 5, wait_until=until)
    days.run()
    pages = list(api.pages("/deadlines", limit=3))
    assert [len(page) for page in pages] == [3, 3, 1]
    about = [row["about"] for page in pages for row in page]
    assert about == [f"order-O{number}" for number in reversed(range(7))]
    assert pending(api, about="order-O3") == [("wait", "order-O3")]
    assert len(pending(api, due_before=days.after(2 * DAY + 60))) == 2
    assert pending(api, process="reservations") == pending(api, purpose="lapse") == []
    assert api.client.get("/deadlines?cursor=x").status_code == 400


def test_the_status_and_the_metrics_say_what_waits_and_what_is_held(days: Days) -> None:
    api = days.api
    ordered(api, "O1", 5, wait_until=days.after(DAY))
    days.run()
    platform = api.platform
    with platform.database.write() as connection:
        holds.hold(connection, "backorders", "main", "operator", days.clock.now())
    days.later(2 * DAY)
    found = api.get("/status")["processes"]["backorders"]["deadlines"]
    assert (found["pending"], found["due"], found["held"]) == (1, 1, "operator")
    text = api.client.get("/metrics").text
    assert 'distributary_process_deadlines_due{process="backorders"} 1.0' in text
    assert 'distributary_process_deadlines_held{process="backorders"} 1.0' in text
    with platform.database.write() as connection:
        holds.release(connection, "backorders", "main", days.clock.now())
    days.run()
    assert [one["reason"] for one in events(api, "BacklogLeft")] == ["expired"]


def test_goods_are_let_go_by_the_clock_of_either_database(both: Any) -> None:
    running = driver(both)
    running.step()
    founded(both)
    received(both, 5, "R1")
    until = datetime.now(UTC) + timedelta(seconds=3)
    ordered(both, "O1", 5, hold_until=until.isoformat())
    while not (lapsed := both.get("/events", type="OrderReservationLapsed")["data"]):
        running.step()
        time.sleep(0.1)
    assert datetime.fromisoformat(lapsed[0]["recorded_at"]) >= until
    assert (status(both, "O1"), pending(both)) == ("submitted", [])


@pytest.mark.parametrize(
    "place",
    [
        '["{imprint}",[9223372036854775808,"a","b","c"],0,null,null]',
        '["{imprint}",[1,"a\\u0000","b","c"],0,null,null]',
        '[9223372036854775808,"a","b","c"]',
        '[1,"a\\u0000","b","c"]',
    ],
)
def test_a_cursor_that_was_made_up_is_refused(both: Any, place: str) -> None:
    question = DeadlineQuery().imprint
    cursor = urlsafe_b64encode(place.replace("{imprint}", question).encode()).decode()
    answer = both.client.get("/deadlines", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/invalid-cursor")


def test_a_cursor_of_another_question_is_refused(days: Days) -> None:
    api = days.api
    for number in range(2):
        ordered(api, f"O{number}", 5, wait_until=days.after(DAY))
    days.run()
    following = api.get("/deadlines", limit=1)["next"]
    assert api.client.get(following).status_code == 200
    assert api.client.get(f"{following}&purpose=wait").status_code == 400
