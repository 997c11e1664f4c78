"""Whatever is ordered, its products and sums are numbers that every figure can hold."""

from dataclasses import fields, is_dataclass
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given
from laws import quick
from scenario import World

from aggregates import Event, Refused
from aggregates.bounds import MOST, TooLarge
from aggregates.catalog.product import ProductAdded
from aggregates.customers.customer import CustomerRegistered
from aggregates.loyalty.member import MemberEnrolled
from aggregates.organisation.rep import RepHired
from commands import Command
from commands.inventory.stock import ReceiveStock
from commands.loyalty.purchase import Bought, RecordPurchase
from commands.orders.order import DraftOrder, Line, RedraftOrder, SubmitOrder

edges = [1, 2_000_000, 10**9]
quantities = st.sampled_from(edges) | st.integers(1, 10**9)
amounts = st.sampled_from([0, 1, 6_901_234_567, MOST]) | st.integers(0, MOST)
bought = st.lists(st.builds(Bought, item=st.just("I1"), quantity=quantities, amount=amounts))
wanted = st.lists(
    st.builds(
        Line,
        item=st.sampled_from(["I1", "I2"]),
        quantity=quantities,
        unit_price=st.none() | amounts,
        discount_bp=st.integers(0, 10_000),
    ),
    min_size=1,
    max_size=5,
).map(tuple)


def a_world() -> World:
    who = "li", "east", "shanghai"
    return World(
        {
            "rep-li": (RepHired("Li", *who[1:], None),),
            "customer-C1": (CustomerRegistered("Shop", "retailer", *who, None, None, None),),
            "product-I1": (ProductAdded("Tea", "x", "x", None, 333, MOST, "CNY"),),
            "product-I2": (ProductAdded("Cup", "x", "x", None, 333, 7, "CNY"),),
            "member-M1": (MemberEnrolled(None, None, None, "standard"),),
        }
    )


def numbers(value: Any) -> list[int]:
    if isinstance(value, int):
        return [value]
    if isinstance(value, tuple):
        return [number for each in value for number in numbers(each)]
    if is_dataclass(value):
        return [n for field in fields(value) for n in numbers(getattr(value, field.name))]
    return []


def asked(world: World, *commands: Command) -> None:
    events: list[Event] = []
    for command in commands:
        try:
            events += world.ask(command)
        except Refused:
            continue
    assert all(abs(number) <= MOST for event in events for number in numbers(event))


@quick
@given(wanted, wanted)
def test_an_order_is_no_larger_than_figures_can_hold(first: Any, second: Any) -> None:
    draft = DraftOrder(id="O1", customer="C1", warehouse="W1", lines=first)
    redraft = RedraftOrder(id="O1", lines=second)
    asked(a_world(), draft, SubmitOrder(id="O1"), redraft, SubmitOrder(id="O1"))


@quick
@given(bought.filter(bool).map(tuple))
def test_a_purchase_is_no_larger_than_figures_can_hold(lines: Any) -> None:
    purchase = {"purchase": "P1", "dealer": "C1", "currency": "CNY", "lines": lines}
    asked(a_world(), RecordPurchase(id="M1", **purchase))


@quick
@given(st.lists(quantities, max_size=20))
def test_a_stock_is_no_larger_than_figures_can_hold(received: list[int]) -> None:
    place = {"location": "W1", "item": "I1"}
    many = [ReceiveStock(quantity=q, reference=f"r{n}", **place) for n, q in enumerate(received)]
    asked(a_world(), *many)


def test_a_line_that_is_too_large_is_named_with_its_figures() -> None:
    line = Line(item="I2", quantity=2_000_000, unit_price=6_901_234_567_892 // 100)
    small = Line(item="I2", quantity=1, unit_price=1)
    order = DraftOrder(id="O1", customer="C1", warehouse="W1", lines=(small, line))
    said = a_world().refuses(order, TooLarge)
    assert "amount of line 2 (2000000 of I2 at 69012345678) is 138024691356000000" in said
    cost = Line(item="I1", quantity=2, unit_price=1)
    said = a_world().refuses(order.model_copy(update={"lines": (cost,)}), TooLarge)
    assert f"cost of line 1 (2 of I1 at {MOST}) is {2 * MOST}" in said


@pytest.mark.parametrize("given", [[MOST, 1]])
def test_lines_that_are_too_large_together_are_refused(given: list[int]) -> None:
    lines = tuple(Line(item="I2", quantity=1, unit_price=price) for price in given)
    order = DraftOrder(id="O1", customer="C1", warehouse="W1", lines=lines)
    assert "order's amount" in a_world().refuses(order, TooLarge)
