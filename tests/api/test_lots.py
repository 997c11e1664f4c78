"""Lots over HTTP: what expires first goes first, and what is held back stays where it is."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from virtual_days import driver

from aggregates.calendar import business_day
from tests.statements import heard

WAY = {"from_location": "W", "to_location": "V"}
PART = {"line": 1, "quantity": 2}


def day(days: int) -> str:
    return (business_day(datetime.now(UTC)) + timedelta(days=days)).isoformat()


@pytest.fixture
def house(api: Any) -> Any:
    api.done("hire-rep", id="li", name="Li", department="east", region="shanghai")
    api.done("register-customer", id="shop", name="便利店", customer_kind="retailer", owner="li")
    what = {"category": "dairy", "unit": "box", "currency": "CNY", "list_price": 100}
    api.done("add-product", id="milk", name="鲜奶", **what)
    receive(api, "A", 10, day(60))
    receive(api, "B", 10, day(20))
    receive(api, "OLD", 5, day(-1))
    return api


def receive(api: Any, lot: str, quantity: int, expires_on: str | None = None) -> None:
    what = {"quantity": quantity, "reference": f"PO-{lot}", "lot": lot, "expires_on": expires_on}
    api.done("receive-stock", location="W", item="milk", **what)


def lots(api: Any, **asked: Any) -> dict[str, tuple[Any, ...]]:
    api.feed()
    rows = api.get("/stock/lots", **{"location": "W", **asked})["data"]
    shown = "status", "on_hand", "reserved", "available"
    return {row["stock_lot"].partition(":")[2]: tuple(row[n] for n in shown) for row in rows}


def order(api: Any, id: str, quantity: int, status: int = 200) -> None:
    line = {"item": "milk", "quantity": quantity, "unit_price": 100}
    api.done("draft-order", id=id, customer="shop", warehouse="W", lines=[line])
    api.done("submit-order", id=id)
    assert api.ask("approve-order", id=id).status_code == status


def held_back(api: Any, slug: str, **body: Any) -> str:
    answer = api.ask(slug, **body)
    assert answer.status_code == 409, answer.text
    return str(answer.json()["refusal"])


def statuses(api: Any) -> list[str]:
    """Of the orders in turn, when the processes have done what they hear of."""
    runner = driver(api)
    while runner.step():
        pass
    assert not runner.troubles
    api.feed()
    return [row["status"] for row in api.get("/orders", sort="id")["data"]]


def test_whoever_waits_is_served_in_turn_by_what_was_there_and_may_be_issued_again(
    house: Any,
) -> None:
    for lot in ("A", "B"):
        house.done("quarantine-lot", item="milk", lot=lot, reason="抽检")
    for name, quantity in (("O1", 6), ("O2", 3), ("O3", 12), ("O4", 5)):
        order(house, name, quantity, 409)
    assert statuses(house) == ["submitted"] * 4
    house.done("release-lot", item="milk", lot="A", reason="合格")
    assert statuses(house) == ["approved", "approved", "submitted", "submitted"]
    house.done("cancel-order", id="O1", reason="不要了")
    assert statuses(house) == ["cancelled", "approved", "submitted", "approved"]
    last = {"item": "milk", "lot": "OLD", "reason": "标签看错"}
    assert house.ask("correct-lot-expiry", **last).status_code == 422
    house.done("correct-lot-expiry", **last, expires_on=day(9))
    assert statuses(house)[2] == "submitted"
    house.done("release-lot", item="milk", lot="B", reason="合格")
    assert statuses(house)[2] == "approved"


@pytest.mark.capability("IN-01", "IN-02")
def test_what_expires_first_goes_first_and_what_expired_or_is_held_back_stays(house: Any) -> None:
    assert lots(house) == {
        "A": ("available", 10, 0, 10),
        "B": ("available", 10, 0, 10),
        "OLD": ("expired", 5, 0, 0),
    }
    (stock,) = house.get("/stock", location="W", item="milk")["data"]
    assert (stock["on_hand"], stock["withheld"], stock["available"]) == (25, 5, 20)
    order(house, "O1", 12)
    assert lots(house)["B"] == ("available", 10, 10, 0)
    assert lots(house)["A"] == ("available", 10, 2, 8)
    house.done("quarantine-lot", item="milk", lot="B", reason="抽检")
    house.done("ship-order", id="O1", shipment="S1", lines=[{"line": 1, "quantity": 6}])
    assert lots(house)["A"] == ("available", 4, 0, 4)
    beyond = {"location": "W", "item": "milk", "quantity": 5, "reference": "X"}
    assert held_back(house, "issue-stock", reason="sale", **beyond) == "Withheld"
    house.done("release-lot", item="milk", lot="B", reason="合格")
    house.done("ship-order", id="O1", shipment="S2")
    assert {lot: row[1:3] for lot, row in lots(house).items()} == {
        "A": (4, 0),
        "B": (4, 0),
        "OLD": (5, 0),
    }
    house.done("issue-stock", reason="scrap", **beyond, lot="OLD")
    assert "OLD" not in lots(house)


def test_lots_near_their_end_are_listed_and_a_recall_finds_where_one_went(house: Any) -> None:
    order(house, "O1", 4)
    house.done("ship-order", id="O1", shipment="S1")
    house.done("transfer-stock", transfer="T1", **WAY, item="milk", quantity=3, lot="B")
    house.done("receive-transfer", location="V", item="milk", transfer="T1", quantity=3)
    near = {"stock_lot.expires_on.gte": "today", "stock_lot.expires_on.lte": "+30d"}
    assert set(lots(house, **near)) == {"B"}
    (row,) = house.get("/stock/lots", location="V")["data"]
    assert (row["stock_lot"], row["on_hand"], row["days_left"]) == ("milk:B", 3, 20)
    moves = house.get("/stock/lots/moves", stock_lot="milk:B")["data"]
    assert sorted((m["movement"], m["location"], m["customer"], m["quantity"]) for m in moves) == [
        ("purchase_receipt", "W", "", 10),
        ("sales_issue", "W", "shop", -4),
        ("transfer", "V", "", 3),
        ("transfer", "W", "", -3),
    ]
    (sold,) = (m for m in moves if m["customer"])
    assert (sold["document"], sold["sales_order"]) == ("S1", "O1")
    house.done("return-order", id="O1", return_id="R1", lines=[PART], reason="退货")
    assert lots(house)["B"][1] == 5


def test_what_is_said_of_each_lot_is_looked_up_by_an_index(house: Any) -> None:
    """Thousands of lots that have expired would else be gone through for each row."""
    house.feed()
    database = house.platform.database
    with heard(database.engine) as asked:
        for path in ("/stock", "/stock/lots"):
            house.get(path, location="W")
    about = [(said, values) for said, values in asked if "lots_1_versions" in said]
    assert len(about) == 2
    with database.read() as connection:
        for said, values in about:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", tuple(values)).all()
            assert "lots_1_versions_now (stream=?)" in str(plan)


@pytest.mark.capability("IN-03")
def test_a_count_names_a_lot_and_a_company_demands_lots_of_some_goods(house: Any) -> None:
    count = {"location": "W", "item": "milk", "reference": "C1"}
    house.done("count-stock", **count, lot="A", counted=8)
    assert lots(house)["A"][1] == 8
    (stock,) = house.get("/stock", location="W")["data"]
    assert stock["on_hand"] == 23
    values = {"categories": ["dairy"]}
    house.done("change-settings", id="inventory.lots", values=values, reason="食品安全")
    plain = {"location": "W", "item": "milk", "quantity": 1, "reference": "PO-9"}
    assert held_back(house, "receive-stock", **plain) == "LotNeeded"
    assert held_back(house, "receive-stock", **plain, lot="A", expires_on=day(9)) == "OtherExpiry"
    house.done("receive-stock", **plain, lot="A")
    assert lots(house)["A"][1] == 9
    (found,) = house.get("/lots", **{"expires_on.lt": "today"})["data"]
    assert (found["id"], found["status"]) == ("milk:OLD", "released")
