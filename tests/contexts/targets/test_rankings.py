"""Who and what sells: what each event does to the rankings."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from company import Company, about, changes
from golden import events, example, kinds

from aggregates import Event
from aggregates.inventory.stock import SellOutReturned, StockReceived, StockSold
from aggregates.loyalty.member import (
    EarningReversed,
    LotUse,
    PointsEarned,
    PointsExpired,
    PointsRedeemed,
    RedemptionRefused,
    RedemptionReversed,
)
from aggregates.orders.lines import ShippedLine
from aggregates.orders.order import OrderLossCredited, OrderReturned, OrderShipped
from commands.customers.customer import RegisterCustomer
from commands.inventory.stock import SellOut
from commands.loyalty.member import EnrolMember
from commands.loyalty.purchase import EarnPoints
from commands.organisation.rep import HireRep
from projections.targets import rankings
from projections.targets.rankings import Change

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
WHO = ("CNY", "R1", "key", "north")
CUP: Any = {"quantity": 1, "currency": "CNY"}
LINES = (ShippedLine(1, "tea", 3, 900, 600), ShippedLine(2, "cup", 1, 100, None))
TEA: Any = {"rep": "R1", "department": "key", "region": "north", "currency": "CNY"}


def told(stream: str, *events: Event) -> list[Any]:
    return changes(rankings.view, stream, *events)


def shipped(customer: str, kind: str) -> OrderShipped:
    return OrderShipped("s", customer, kind, "W1", *WHO, LINES, complete=True)


def test_a_line_without_cost_counts_as_uncosted_never_as_margin() -> None:
    assert told("order-O1", shipped("C1", "retailer")) == [
        Change(customer="C1", product="tea", amount=900, quantity=3, margin=300, **TEA),
        Change(customer="C1", product="cup", amount=100, quantity=1, uncosted=100, **TEA),
    ]


def test_what_a_dealer_buys_counts_for_the_dealer_too() -> None:
    rows = told("order-O1", shipped("D1", "dealer"))
    assert {(row.customer, row.dealer) for row in rows} == {("D1", "D1")}


def test_a_return_takes_back_amount_quantity_and_margin() -> None:
    back = OrderReturned("b", "C1", "retailer", "W1", *WHO, LINES, "broken")
    assert told("order-O1", back) == [
        Change(customer="C1", product="tea", amount=-900, quantity=-3, margin=-300, **TEA),
        Change(customer="C1", product="cup", amount=-100, quantity=-1, uncosted=-100, **TEA),
    ]


def test_what_was_lost_on_its_way_is_no_sale() -> None:
    gone = OrderLossCredited("S:tea:A", "S", "D1", "dealer", "W1", *WHO, LINES[:1])
    (change,) = told("order-O1", gone)
    assert (change.dealer, change.amount, change.quantity, change.margin) == ("D1", -900, -3, -300)


def test_sell_out_never_mixes_with_sell_in() -> None:
    sold = StockSold("dealer", "s1", 2, 500, "CNY", "M1", AT)
    whose: Any = {"dealer": "D1", "product": "tea", "member": "M1", "currency": "CNY"}
    assert told("stock-D1:tea", sold) == [Change(**whose, sell_out_amount=500, sell_out_quantity=2)]
    back = SellOutReturned("dealer", "s1", "r1", 1, 250, "CNY", "M1", AT)
    less = Change(**whose, sell_out_amount=-250, sell_out_quantity=-1)
    assert told("stock-D1:tea", back) == [less]


def test_sell_out_ranks_the_region_of_whoever_looks_after_the_dealer(company: Company) -> None:
    people = {"R1": ("key", "north"), "R2": ("key", "south")}
    company.ask(
        *(HireRep(id=r, name=r, department=d, region=place) for r, (d, place) in people.items()),
        *(
            RegisterCustomer(id=f"D{n}", name="D", customer_kind="dealer", owner=f"R{n}")
            for n in (1, 2)
        ),
        *(
            about(SellOut, location=dealer, item="tea", sale="s", **CUP, amount=amount)
            for dealer, amount in (("D1", 5), ("D2", 9), ("unknown", 70))
        ),
    )
    company.follow()
    with company.read() as connection:
        for board, expected in {
            "regions": [("south", "CNY", 9), ("north", "CNY", 5)],
            "reps": [("R2", "CNY", 9), ("R1", "CNY", 5)],
            "departments": [("key", "CNY", 14)],
        }.items():
            assert shown(rankings.top(connection, board, "sell_out_amount")) == expected


def test_a_board_ranks_by_what_is_recorded_of_its_subjects() -> None:
    """Which is what some event gives its subjects, and nothing else."""
    given: dict[str, set[str]] = {board: set() for board in rankings.BOARDS}
    for change in every_change():
        for board, subject in rankings.BOARDS.items():
            if getattr(change, subject):
                given[board] |= {name for name in rankings.MEASURES if getattr(change, name)}
    for board, measures in rankings.RANKED.items():
        assert set(measures) == given[board] - {"uncosted"}


def every_change() -> Iterator[Any]:
    """What an example of each event changes, with a dealer wherever there is a customer."""
    for name, kind in events().items():
        event: Any = example(kind)
        if hasattr(event, "customer_kind"):
            event = replace(event, customer_kind="dealer")
        yield from changes(rankings.view, kinds()[name].stream("a:b"), event)


@pytest.mark.parametrize(
    ("event", "figures"),
    [
        (PointsEarned("p", 30, "p", "D1", 3000, "CNY", date(2027, 12, 31), 5), {"points": 30}),
        (EarningReversed("p", "p", 20, 10, "returned", "D1"), {"points": -30}),
        (
            PointsRedeemed("r", "gift", 12, (LotUse("p", 12),), None, None, None, "D1"),
            {"redeemed": 12},
        ),
        (RedemptionReversed("r", 12, (LotUse("p", 9),), "D1", 3), {"redeemed": -12}),
    ],
)
def test_points_count_for_the_member_and_the_dealer(event: Event, figures: Any) -> None:
    """In full: what pays a debt was earned, and what is owed was spent."""
    assert told("member-M1", event) == [Change(member="M1", dealer="D1", **figures)]


def test_neither_a_refusal_nor_expiry_nor_a_receipt_ranks_anybody() -> None:
    expired = PointsExpired(date(2026, 1, 1), 5, (LotUse("p", 5),), "D1")
    assert told("member-M1", RedemptionRefused("r", 9, 5), expired) == []
    assert told("stock-W1:tea", StockReceived("warehouse", 5, "purchase", "r", AT)) == []


def test_a_member_has_one_row_by_points_and_one_for_each_currency(company: Company) -> None:
    sale: Any = {"location": "D1", "item": "tea", "quantity": 1, "member": "M1"}
    company.ask(
        about(EnrolMember, id="M1", dealer="D1"),
        about(EarnPoints, id="M1", points=40, purchase="P"),
        about(SellOut, **sale, sale="s1", amount=700, currency="CNY"),
        about(SellOut, **sale, sale="s2", amount=90, currency="USD"),
    )
    company.follow()

    def ranked(by: str, **filters: str) -> list[tuple[str, str, int]]:
        with company.read() as connection:
            rows = rankings.top(connection, "members", by, filters=filters)
        return [(row["subject"], row["currency"], row[by]) for row in rows]

    assert ranked("points") == ranked("points", dealer="D1") == [("M1", "", 40)]
    assert ranked("sell_out_amount") == [("M1", "CNY", 700), ("M1", "USD", 90)]
    assert ranked("sell_out_amount", currency="USD") == [("M1", "USD", 90)]


def test_each_board_ranks_its_own_and_currencies_stay_apart(company: Company) -> None:
    company.ask(
        *(
            about(
                SellOut,
                location=dealer,
                item=item,
                sale=f"s{n}",
                quantity=1,
                amount=amount,
                currency=money,
            )
            for n, (dealer, item, amount, money) in enumerate(
                [("D1", "tea", 5, "CNY"), ("D2", "tea", 9, "CNY"), ("D1", "cup", 7, "USD")]
            )
        )
    )
    company.follow()
    with company.read() as connection:
        dealers = rankings.top(connection, "dealers", "sell_out_amount")
        products = rankings.top(connection, "products", "sell_out_amount")
        dollars = rankings.top(
            connection, "dealers", "sell_out_amount", filters={"currency": "USD"}
        )
        assert rankings.top(connection, "customers", "amount") == []
    assert shown(dealers) == [("D2", "CNY", 9), ("D1", "USD", 7), ("D1", "CNY", 5)]
    assert shown(products) == [("tea", "CNY", 14), ("cup", "USD", 7)]
    assert shown(dollars) == [("D1", "USD", 7)]


def shown(rows: list[dict[str, Any]]) -> list[tuple[str, str, int]]:
    assert all(row["amount"] == 0 for row in rows)
    return [(row["subject"], row["currency"], row["sell_out_amount"]) for row in rows]
