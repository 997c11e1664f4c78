"""A period under other settings, beside what it was; the log is left as it is."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., tuple[int, list[Any], str]]
PRICE = {"list_price": 500, "cost": 300, "currency": "CNY"}
OCTOBER = "--from", "2026-10-01", "--to", "2026-11-01"


@pytest.fixture
def tried(run: Run, tmp_path: Path) -> Callable[..., Any]:
    """October under other settings: the code, what it told, and the log's events before."""

    def tried(settings: Any, *period: str) -> tuple[int, Any, str]:
        file = tmp_path / "settings.json"
        file.write_text(json.dumps(settings))
        before = run("events", "--json")[1]
        code, told, said = run("whatif", *(period or OCTOBER), "--settings", str(file))
        assert run("events", "--json")[1] == before
        return code, told[0] if code == 0 else None, said

    return tried


def done(run: Run, command: str, at: str | None = None, **body: Any) -> None:
    told = body if at is None else {**body, "occurred_at": at}
    code, _, said = run("command", command, "--json", json.dumps(told))
    assert code == 0, said


def member(run: Run) -> None:
    done(run, "hire-rep", id="li", name="Li", department="east", region="east", at="2026-09-01")
    who = {"customer_kind": "dealer", "owner": "li"}
    done(run, "register-customer", id="D", name="Shop", at="2026-09-01", **who)
    done(run, "enrol-member", id="M", dealer="D", at="2026-09-01")
    bought = {"id": "M", "currency": "CNY", "dealer": "D"}
    for day, amount in (("2026-09-30", 1_000), ("2026-10-05", 5_000)):
        done(run, "earn-points", purchase=day, amount=amount, at=day, **bought)
    done(run, "earn-points", id="M", purchase="gift", points=7, dealer="D", at="2026-10-06")


def redeemed(run: Run, redemption: str, points: int) -> int:
    body = {"id": "M", "redemption": redemption, "form": "gift", "points": points}
    told = {**body, "occurred_at": "2026-10-20"}
    return run("command", "redeem-points", "--json", json.dumps(told))[0]


def test_more_points_would_have_been_earned_and_a_refusal_been_none(
    run: Run, tried: Callable[..., Any]
) -> None:
    member(run)
    assert redeemed(run, "R1", 100) == 3
    code, found, _ = tried({"loyalty.earning": {"points": 2}})
    assert code == 0
    (dealer,) = found["points"]["dealers"]
    assert dealer["earned"] == {"was": 57, "would_be": 107}
    assert dealer["redeemed"] == {"was": 0, "would_be": 100}
    (other,) = found["points"]["decisions"]
    assert (other["was"], other["would_be"]) == ("RedemptionRefused", "PointsRedeemed")
    assert (other["points"], other["balance"]) == (100, 117)


def test_fewer_points_would_have_stopped_a_redemption(run: Run, tried: Callable[..., Any]) -> None:
    member(run)
    assert redeemed(run, "R1", 60) == 0
    _, found, _ = tried({"loyalty.earning": {"per": 10}})
    (other,) = found["points"]["decisions"]
    assert (other["was"], other["would_be"]) == ("PointsRedeemed", "RedemptionRefused")
    assert (other["points"], other["balance"]) == (60, 10 + 5 + 7)


def test_under_the_settings_as_they_were_it_is_as_it_was(
    run: Run, tried: Callable[..., Any]
) -> None:
    member(run)
    assert redeemed(run, "R1", 60) == 0
    _, found, _ = tried({"loyalty.earning": {"points": 1}})
    for dealer in found["points"]["dealers"]:
        assert all(
            one["was"] == one["would_be"] for one in dealer.values() if isinstance(one, dict)
        )
    assert found["points"]["other_decisions"] == 0


def ordered(run: Run) -> None:
    done(run, "hire-rep", id="li", name="Li", department="east", region="east", at="2026-09-01")
    who = {"customer_kind": "retailer", "owner": "li"}
    done(run, "register-customer", id="C", name="Shop", at="2026-09-01", **who)
    goods = {"name": "Tea", "category": "x", "unit": "box", **PRICE}
    done(run, "add-product", id="tea", at="2026-09-01", **goods)
    where = {"location": "W", "item": "tea", "quantity": 50, "reference": "R"}
    done(run, "receive-stock", at="2026-09-02", **where)
    lines = [{"item": "tea", "quantity": 4}]
    for order, day in (("quick", "2026-10-07"), ("slow", "2026-10-20"), ("never", None)):
        draft = {"customer": "C", "warehouse": "W", "lines": lines}
        done(run, "draft-order", id=order, at="2026-10-05", **draft)
        done(run, "submit-order", id=order, at="2026-10-05")
        done(run, "approve-order", id=order, at="2026-10-05")
        if day is not None:
            done(run, "ship-order", id=order, shipment=f"S-{order}", at=day)


def test_goods_would_have_been_let_go_of_orders_that_nobody_shipped_in_time(
    run: Run, tried: Callable[..., Any]
) -> None:
    ordered(run)
    _, found, _ = tried({"inventory.reservations": {"days": 7}})
    report = found["reservations"]
    assert (report["orders"], report["other_reservations"]) == (3, 2)
    slow, never = report["reservations"]
    assert (slow["order"], slow["was"], slow["quantity"]) == ("slow", "OrderShipped", 4)
    assert (never["order"], never["was"]) == ("never", None)
    assert {one["would_be"] for one in (slow, never)} == {"OrderReservationLapsed"}
    assert slow["would_be_at"].startswith("2026-10-11T16:00")


def test_an_end_that_was_told_with_the_approval_stays(run: Run, tried: Callable[..., Any]) -> None:
    ordered(run)
    draft = {"customer": "C", "warehouse": "W", "lines": [{"item": "tea", "quantity": 1}]}
    done(run, "draft-order", id="told", at="2026-10-05", **draft)
    done(run, "submit-order", id="told", at="2026-10-05")
    until = "2026-12-31T12:00:00+08:00"
    done(run, "approve-order", id="told", at="2026-10-05", hold_until=until)
    _, found, _ = tried({"inventory.reservations": {"days": 7}})
    assert "told" not in {one["order"] for one in found["reservations"]["reservations"]}
    assert found["reservations"]["orders"] == 4


def test_no_setting_is_tried_twice_at_once(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "twice.json"
    file.write_text('{"loyalty.earning": {"points": 2, "points": 3}}')
    code, _, said = run("whatif", *OCTOBER, "--settings", str(file))
    assert (code, "loyalty.earning.points: This field stands twice" in said) == (2, True)


def test_what_cannot_be_tried_is_said(run: Run, tried: Callable[..., Any]) -> None:
    member(run)
    code, _, said = tried({"orders.numbers": {"digits": 6}})
    assert (code, "loyalty.earning" in said) == (2, True)
    code, _, said = tried({"loyalty.earning": {"points": 0}})
    assert (code, "loyalty.earning.points" in said) == (2, True)
    code, _, said = tried({}, "--from", "2026-11-01", "--to", "2026-10-01")
    assert (code, "swap them" in said) == (2, True)
