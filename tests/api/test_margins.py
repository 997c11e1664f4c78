"""What is left of what was sold: a finance person's look at a month, by goods, shop and order."""

from typing import Any

import pytest

from infra.keys import Keys

ROW = "sold", "amount", "goods_cost", "margin", "margin_bp"


@pytest.fixture
def house(api: Any) -> Any:
    """Tea came at 6.00 and 5.00 and sells at 9.00: li's shop bought 4, wu's bought 2."""
    product = {"category": "tea", "unit": "box", "currency": "CNY", "list_price": 900}
    api.done("add-product", id="tea", name="龙井", cost=500, **product)
    for number, unit_cost in enumerate((600, 500)):
        came = {"reference": f"PO-{number}", "quantity": 10, "unit_cost": unit_cost}
        api.done("receive-stock", location="W", item="tea", **came, **on(5))
    for rep, order, quantity in (("li", "O1", 4), ("wu", "O2", 2)):
        api.done("hire-rep", id=rep, name=rep, department="east", region="sh", **on(1))
        shop = {"name": f"{rep}店", "customer_kind": "retailer", "owner": rep}
        api.done("register-customer", id=f"shop-{rep}", **shop, **on(2))
        sell(api, order, f"shop-{rep}", quantity)
    return api


def on(day: int, month: int = 1) -> dict[str, str]:
    return {"occurred_at": f"2026-{month:02}-{day:02}"}


def sell(api: Any, order: str, shop: str, quantity: int, day: int = 10) -> None:
    lines = [{"item": "tea", "quantity": quantity}]
    api.done("draft-order", id=order, customer=shop, warehouse="W", lines=lines, **on(day))
    for step in ("submit-order", "approve-order"):
        api.done(step, id=order, **on(day))
    api.done("ship-order", id=order, shipment=f"S-{order}", **on(day))


def margins(api: Any, by: str = "item", **asked: Any) -> dict[tuple[str, str], tuple[Any, ...]]:
    api.feed()
    rows = api.get("/stock/margins", by=by, **asked)["data"]
    return {(r["month"], r[by]): tuple(r[name] for name in ROW) for r in rows}


@pytest.mark.capability("IN-01")
def test_what_was_sold_is_set_against_what_it_cost_when_it_left(house: Any) -> None:
    assert margins(house) == {("2026-01", "tea"): (6, 5400, 3300, 2100, 3888)}
    assert margins(house, "rep") == {
        ("2026-01", "li"): (4, 3600, 2200, 1400, 3888),
        ("2026-01", "wu"): (2, 1800, 1100, 700, 3888),
    }
    assert margins(house, "sales_order", customer="shop-wu").keys() == {("2026-01", "O2")}
    why = house.get("/stock/margins/why", customer="shop-li", measure="amount")
    assert why["figure"]["amount"] == 3600

    back = [{"line": 1, "quantity": 1}]
    house.done("return-order", id="O1", return_id="R1", lines=back, reason="wet", **on(3, 2))
    invoiced = {"reference": "PO-1", "cost": 5200, "reason": "发票到了"}
    house.done("correct-receipt-cost", location="W", item="tea", **invoiced)
    january = (6, 5400, 3360, 2040, 3777)
    assert margins(house) == {
        ("2026-01", "tea"): january,
        ("2026-02", "tea"): (-1, -900, -560, -340, None),
    }
    house.done("undo-return", id="O1", return_id="R1", reason="另一单的")
    assert margins(house) == {("2026-01", "tea"): january}, "as if nothing had come back"


def test_a_closed_month_keeps_its_margin_and_a_late_sale_counts_in_the_next(house: Any) -> None:
    house.done("close-stock-period", month="2026-01")
    sell(house, "O3", "shop-li", 1, day=20)
    assert margins(house) == {
        ("2026-01", "tea"): (6, 5400, 3300, 2100, 3888),
        ("2026-02", "tea"): (1, 900, 550, 350, 3888),
    }
    whole = house.get("/stock/value", item="tea")["data"][0]["stock_value"]
    assert whole == 11_000 - 3300 - 550, "what did not leave is there"
    house.done("open-account", id="tester")
    house.done("open-account", id="shen")
    house.done("grant-role", id="shen", role="warehouse", everything=True)
    house.feed()
    bearer = {"Authorization": f"Bearer {Keys(house.platform.database).new('shen')}"}
    assert house.client.get("/stock/margins", headers=bearer).status_code == 403
