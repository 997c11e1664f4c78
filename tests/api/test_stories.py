"""What a person sends, and what another reads: the rules of the trade in its own words."""

from datetime import datetime
from typing import Any

import pytest

from aggregates import calendar


def rows(api: Any, path: str, **asked: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get(path, **asked)["data"]
    return found


def ranked(api: Any, board: str, measure: str, **asked: Any) -> list[tuple[str, int]]:
    return [
        (one["subject"], one[measure])
        for one in rows(api, f"/rankings/{board}", by=measure, **asked)
    ]


@pytest.mark.capability("AN-01")
def test_regions_and_channels_are_compared_by_what_they_bought(company: Any) -> None:
    """39 tea and 7 cups arrived at C1, 11 and 5 at C2, and of 3 tea and 2 cups the shop gave
    2 tea back; what is lost on the way is credited.
    """
    canton, corner = 11 * 1_500 + 5 * 900, 1 * 1_500 + 2 * 900
    shanghai = 39 * 1_500 + 7 * 900 + corner
    assert ranked(company, "regions", "amount") == [("shanghai", shanghai), ("canton", canton)]
    channels = ranked(company, "customers", "amount", group="customer.customer_kind")
    assert channels == [("dealer", shanghai + canton - corner), ("retailer", corner)]


@pytest.mark.capability("AN-02", "AN-03")
def test_products_and_customers_have_their_volume_in_any_period(company: Any) -> None:
    drafted = datetime.fromisoformat(company.get("/orders/O0")["data"]["drafted_at"])
    day = calendar.business_day(drafted).isoformat()
    products = ranked(company, "products", "quantity", first=day)
    assert products == [("tea", 39 + 11 + 1), ("cup", 7 + 5 + 2)]
    customers = ranked(company, "customers", "quantity", first=day)
    assert customers == [("C1", 39 + 7), ("C2", 11 + 5), ("C3", 1 + 2)]
    assert ranked(company, "products", "quantity", last="2020-12-31") == []


@pytest.mark.capability("TG-07", "TG-08")
def test_people_teams_and_customers_stand_on_a_board_from_the_best_down(company: Any) -> None:
    assert [who for who, _ in ranked(company, "reps", "amount")] == ["li", "wu"]
    assert [team for team, _ in ranked(company, "departments", "quantity")] == ["east", "south"]
    best = ranked(company, "customers", "amount", top=2)
    assert best == ranked(company, "customers", "amount")[:2]
    assert [one["rank"] for one in rows(company, "/rankings/customers", top=2)] == [1, 2]


@pytest.mark.capability("OP-01", "OP-02")
def test_a_deal_is_followed_from_its_first_day_to_its_signature(company: Any) -> None:
    deal = company.get("/opportunities/D2")["data"]
    assert (deal["status"], deal["amount"], deal["rep"]) == ("won", 33_333, "wu")
    steps = rows(company, "/opportunities/D2/history")
    assert [step["type"] for step in steps] == [
        "OpportunityOpened",
        "OpportunityAdvanced",
        "OpportunityRevalued",
        "OpportunityWon",
    ]
    assert steps[1]["changes"]["stage"] == {"from": "qualification", "to": "proposal"}
    lost = company.get("/opportunities/D3")["data"]
    assert (lost["status"], lost["lost_reason"]) == ("lost", "price")
    closed = company.ask("advance-opportunity", id="D2", stage="proposal")
    assert closed.status_code == 409


@pytest.mark.capability("OR-01")
def test_an_order_is_asked_for_at_the_price_of_that_moment_and_sent(api: Any) -> None:
    api.done("hire-rep", id="li", name="Li", department="east", region="sh")
    shop = {"name": "Shop", "customer_kind": "retailer"}
    api.done("register-customer", id="shop", **shop, owner="li")
    what = {"category": "goods", "unit": "box", "currency": "CNY"}
    api.done("add-product", id="tea", name="Tea", list_price=1_500, **what)
    api.done("receive-stock", location="WH", item="tea", quantity=10, reference="R1")
    lines = [{"item": "tea", "quantity": 4}]
    api.done("draft-order", id="O1", customer="shop", warehouse="WH", lines=lines)
    api.done("reprice-product", id="tea", list_price=9_900)
    assert api.ask("ship-order", id="O1", shipment="S1").status_code == 409  # nobody approved it
    api.done("submit-order", id="O1")
    api.done("approve-order", id="O1")
    api.done("ship-order", id="O1", shipment="S1")
    api.feed()
    order = api.get("/orders/O1")["data"]
    assert (order["status"], order["amount"], order["rep"]) == ("shipped", 4 * 1_500, "li")
    types = [step["type"] for step in rows(api, "/orders/O1/history")]
    assert types == ["OrderDrafted", "OrderSubmitted", "OrderApproved", "OrderShipped"]
    (left,) = rows(api, "/stock", location="WH")
    assert (left["on_hand"], left["reserved"]) == (6, 0)


@pytest.mark.capability("IN-03")
def test_a_count_posts_the_difference_between_the_shelf_and_the_book(api: Any) -> None:
    api.done("receive-stock", location="WH", item="tea", quantity=100, reference="R1")
    api.done("count-stock", location="WH", item="tea", counted=93, reference="C1")
    api.feed()
    (row,) = rows(api, "/stock")
    assert row["on_hand"] == 93
    why = api.get("/stock/why", location="WH", item="tea")["rows"]
    assert [(one["type"], one["change"]["on_hand"]) for one in why] == [
        ("StockReceived", 100),
        ("StockCounted", -7),
    ]
    same = api.done("count-stock", location="WH", item="tea", counted=93, reference="C2")
    api.feed()
    assert same["events"], "that nothing was missing is a fact as well"
    assert rows(api, "/stock")[0]["on_hand"] == 93


@pytest.mark.capability("CH-13")
def test_what_a_dealer_says_it_sold_leaves_its_stock_and_counts_as_sell_out(company: Any) -> None:
    (stock,) = rows(company, "/stock", location="C1", item="tea")
    assert stock["on_hand"] == 39 - 4
    assert ranked(company, "dealers", "sell_out_quantity")[0] == ("C1", 4)
    assert ranked(company, "dealers", "sell_out_amount")[0] == ("C1", 8_050)
    sold = ranked(company, "dealers", "amount")[0][1]
    assert sold == 39 * 1_500 + 7 * 900, "what the dealer sold is not what we sold to it"


@pytest.mark.capability("MB-04", "MB-05")
def test_a_purchase_earns_points_and_a_gift_or_cash_takes_them_away(api: Any) -> None:
    api.done("hire-rep", id="li", name="Li", department="east", region="sh")
    api.done("register-customer", id="D1", name="D1", customer_kind="dealer", owner="li")
    api.done("enrol-member", id="M1", name="Ann", dealer="D1")
    lines = [{"item": "tea", "quantity": 2, "amount": 10_000}]
    bought = {"dealer": "D1", "currency": "CNY", "lines": lines}
    api.done("record-purchase", id="M1", purchase="P1", **bought)
    api.done("redeem-points", id="M1", redemption="G1", form="gift", points=30, reward="cup")
    cash = {"form": "cash_back", "amount": 200, "currency": "CNY"}
    api.done("redeem-points", id="M1", redemption="G2", points=20, **cash)
    more = api.ask("redeem-points", id="M1", redemption="G3", form="gift", points=51)
    assert more.status_code == 409
    assert "50" in more.json()["detail"], "it says how many there are"
    api.feed()
    (points,) = rows(api, "/points", member="M1")
    assert (points["earned"], points["redeemed"], points["balance"]) == (100, 50, 50)
    why = api.get("/points/why", member="M1")["rows"]
    assert [one["change"]["balance"] for one in why] == [100, -30, -20]


@pytest.mark.capability("CU-17", "PL-13")
def test_who_leaves_hands_over_customers_with_deals_and_history(own_company: Any) -> None:
    api = own_company
    handed = {"customers": ["C1", "C3"], "owner": "wu", "reason": "Li leaves"}
    api.done("hand-over-customers", id="li", **handed)
    api.done("dismiss-rep", id="li", reason="Moves to Chengdu")
    api.feed()
    assert rows(api, "/customers", owner="li") == []
    assert {one["id"] for one in rows(api, "/customers", owner="wu")} == {"C1", "C2", "C3"}
    assert api.get("/opportunities/D1")["data"]["rep"] == "wu"
    change = rows(api, "/customers/C1/history")[-1]
    assert change["changes"]["owner"] == {"from": "li", "to": "wu"}
    assert {one["id"] for one in rows(api, "/orders", customer="C1")} == {"O0"}
    assert rows(api, "/orders/O0/history")[0]["type"] == "OrderDrafted"
