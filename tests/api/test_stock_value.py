"""What goods are worth over HTTP: a finance person's months, and a day's work of a store."""

from typing import Any

import pytest

from infra.keys import Keys

END = "2026-01-31T23:59:59+08:00"
VALUES = "quantity", "stock_value", "average_cost"
MONTHS = "opening_value", "received_value", "issued_value", "adjustment_value", "closing_value"


@pytest.fixture
def house(api: Any) -> Any:
    return begun(api)


def begun(api: Any) -> Any:
    """20 of tea came for 110.00 in January; some were sold, sent to V, lost, and missed."""
    product = {"category": "tea", "unit": "box", "currency": "CNY", "list_price": 900}
    api.done("add-product", id="tea", name="龙井", cost=500, **product)
    receive(api, "PO-1", 10, "2026-01-05", unit_cost=600)
    receive(api, "PO-2", 10, "2026-01-08")
    issue(api, "S-1", 3, "2026-01-10")
    way = {"from_location": "W", "to_location": "V", "item": "tea", "transfer": "T-1"}
    api.done("transfer-stock", **way, quantity=5, occurred_at="2026-01-12T10:00:00+08:00")
    came = {"location": "V", "item": "tea", "transfer": "T-1", "quantity": 4, "lost": 1}
    api.done("receive-transfer", **came, occurred_at="2026-01-14T10:00:00+08:00")
    counted = {"counted": 11, "counted_at": "2026-01-20T10:00:00+08:00", "reference": "C-1"}
    api.done("count-stock", location="W", item="tea", **counted)
    return api


def receive(api: Any, reference: str, quantity: int, day: str, **more: Any) -> None:
    what = {"reference": reference, "quantity": quantity, "occurred_at": f"{day}T10:00:00+08:00"}
    api.done("receive-stock", location="W", item="tea", **what, **more)


def issue(api: Any, reference: str, quantity: int, day: str) -> None:
    what = {"reference": reference, "quantity": quantity, "occurred_at": f"{day}T10:00:00+08:00"}
    api.done("issue-stock", location="W", item="tea", reason="sale", **what)


def worth(api: Any, **asked: Any) -> dict[str, tuple[Any, ...]]:
    api.feed()
    rows = api.get("/stock/value", item="tea", **asked)["data"]
    return {row["location"]: tuple(row[name] for name in VALUES) for row in rows}


def months(api: Any) -> dict[str, tuple[Any, ...]]:
    api.feed()
    rows = api.get("/stock/value/months", location="W")["data"]
    for row in rows:
        opening, received, issued, adjusted, closing = (row[name] for name in MONTHS)
        assert opening + received - issued + adjusted == closing
    return {r["month"]: (r["closed"], *(r[n] for n in MONTHS)) for r in rows}


@pytest.mark.capability("IN-01")
def test_goods_are_worth_the_moving_average_and_every_movement_says_why(house: Any) -> None:
    assert worth(house) == {"V": (4, 2200, "550.0000"), "W": (11, 6050, "550.0000")}
    rows = house.get("/stock/value/moves", item="tea")["data"]
    paged = house.pages("/stock/value/moves", limit=2)
    assert [row for page in paged for row in page] == rows
    told = [(r["document"], r["quantity"], r["value_change"], r["stock_value"]) for r in rows]
    assert told == [
        ("PO-1", 10, 6000, 6000),
        ("PO-2", 10, 5000, 11000),
        ("S-1", -3, -1650, 9350),
        ("T-1", -5, -2750, 6600),
        ("T-1", 4, 2200, 2200),
        ("C-1", -1, -550, 6050),
    ]
    assert (
        sum(row["value_change"] + row["lost_value"] for row in rows if row["document"] == "T-1")
        == 0
    )
    why = house.get("/stock/value/why", item="tea", measure="cost")
    assert why["figure"]["cost"] == 11000


@pytest.mark.capability("IN-01")
def test_what_is_told_after_its_month_was_closed_adjusts_the_first_open_one(both: Any) -> None:
    house = begun(both)
    house.done("close-stock-period", month="2026-01")
    issue(house, "S-2", 2, "2026-01-25")
    wrong = {"location": "W", "item": "tea", "reference": "PO-1", "cost": 7000}
    house.done("correct-receipt-cost", **wrong, reason="发票到了")
    january = (True, 0, 11000, 4950, 0, 6050)
    february = (False, 6050, 0, 0, -282, 5768)
    assert worth(house, as_of=END)["W"] == (11, 6050, "550.0000"), "what is closed stays"
    assert worth(house)["W"][:2] == (9, 5768)
    found = months(house)
    assert len([*house.pages("/stock/value", limit=1)]) == len(worth(house)) == 2
    assert (found["2026-01"], found["2026-02"]) == (january, february)
    late = [
        row for row in house.get("/stock/value/moves", location="W")["data"] if row["after_close"]
    ]
    assert [(row["document"], row["value_change"]) for row in late] == [
        ("PO-1", 1000),
        ("S-2", -1282),
    ]
    assert {row["valued_at"] for row in late} == {"2026-01-31T16:00:00.000000Z"}
    assert late[1]["moved_at"] == "2026-01-25T02:00:00.000000Z"
    house.done("reopen-stock-period", month="2026-01", reason="盘点有误")
    assert months(house)["2026-01"] == (False, 0, 12000, 6600, 0, 5400), "as if never closed"


def test_finance_sees_what_goods_are_worth_and_the_store_does_not(house: Any) -> None:
    house.done("open-account", id="tester")
    for role in ("finance", "warehouse"):
        house.done("open-account", id=role)
        house.done("grant-role", id=role, role=role, everything=True)
    house.feed()
    key = {role: Keys(house.platform.database).new(role) for role in ("finance", "warehouse")}

    def seen(role: str, path: str) -> Any:
        return house.client.get(path, headers={"Authorization": f"Bearer {key[role]}"})

    assert seen("finance", "/stock/value?item=tea").json()["data"][0]["stock_value"] == 2200
    assert seen("warehouse", "/stock/value").status_code == 403
    received = seen("warehouse", "/events?type=StockReceived").json()["data"]
    assert {tuple(one["hidden"]) for one in received} == {("cost",)}
    january = {"month": "2026-01"}
    for role, status in (("warehouse", 403), ("finance", 201)):
        answer = house.ask("close-stock-period", bearer=key[role], **january)
        assert answer.status_code == status


def test_months_are_closed_in_their_order_when_they_are_over(house: Any) -> None:
    refused = {"2998-01": "MonthNotOver", "2026-03": "NotNextMonth"}
    house.done("close-stock-period", month="2026-01")
    for month, why in refused.items():
        assert house.ask("close-stock-period", month=month).json()["refusal"] == why
    house.done("close-stock-period", month="2026-02")
    first = house.ask("reopen-stock-period", month="2026-01", reason="x")
    assert first.json()["refusal"] == "NotLastClosed"
    house.feed()
    assert house.get("/stock_periods")["data"][0]["months"] == ["2026-01", "2026-02"]
