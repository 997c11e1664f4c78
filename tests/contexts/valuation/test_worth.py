"""What goods are worth adds up, whatever happens to them, is told late, and is closed."""

from datetime import datetime, timedelta
from itertools import accumulate
from types import SimpleNamespace
from typing import Any

import hypothesis.strategies as st
from hypothesis import given, settings
from laws import asked, few, names, quick
from scenario import NOON, World
from worth_laws import adds_up, entered, stays

from aggregates import Refused
from aggregates.catalog.product import ProductAdded
from aggregates.inventory.stock import Stock
from commands import Command
from commands.inventory.stock import (
    CountStock,
    IssueStock,
    ReceiveStock,
    ReceiveTransfer,
    TransferStock,
)
from commands.inventory.stock_corrections import (
    CancelTransfer,
    CorrectReceiptCost,
    ReverseArrival,
    ReverseMovement,
)
from infra.clock import micros
from projections.valuation.worth import Close, StockTold, in_force, share, valued

HOURS = 48
TEA = ProductAdded("Tea", "tea", "box", None, 90, 30, "CNY")
hours = st.integers(0, HOURS).map(lambda n: NOON + timedelta(hours=n))
places = st.sampled_from(["W1", "W2"])
costs = st.none() | st.integers(0, 50)


def stocked(kind: type[Command], **fields: Any) -> st.SearchStrategy[Command]:
    return asked(kind, location=places, item=st.just("I1"), **fields)


moves = st.one_of(
    stocked(ReceiveStock, quantity=few, reference=names, unit_cost=costs),
    stocked(ReceiveStock, quantity=few, reference=names, unit_cost=costs),
    stocked(IssueStock, quantity=few, reason=st.just("sale"), reference=names),
    stocked(CountStock, counted=few, counted_at=hours, reference=names, holder=st.none()),
    stocked(ReceiveTransfer, transfer=names, quantity=few, lost=st.integers(0, 3), receipt=names),
    stocked(ReverseArrival, transfer=names, receipt=names, reason=st.just("x")),
    stocked(CancelTransfer, transfer=names, reason=st.just("x")),
    stocked(CorrectReceiptCost, reference=names, cost=st.integers(0, 300), reason=st.just("x")),
    stocked(
        ReverseMovement,
        document=st.sampled_from(["received", "issued", "counted"]),
        reference=names,
        reason=st.just("x"),
    ),
    asked(
        TransferStock,
        transfer=names,
        from_location=places,
        to_location=places,
        item=st.just("I1"),
        quantity=few,
    ),
)
BEGUN = [
    (ReceiveStock(location=place, item="I1", quantity=60, reference="begun", unit_cost=cost), NOON)
    for place, cost in (("W1", 17), ("W2", 23))
]


@st.composite
def journeys(draw: Any) -> list[tuple[Command, datetime]]:
    """A transfer that arrives in two parts, of which one may be taken back and told anew."""
    name, start = draw(st.sampled_from("DEFGHIJK")), draw(st.integers(0, HOURS))
    sent, came, lost = draw(st.integers(5, 12)), draw(st.integers(0, 3)), draw(st.integers(1, 2))
    way = {"transfer": name, "item": "I1"}
    there = {**way, "location": "W2"}
    steps: list[Command] = [
        TransferStock(**way, from_location="W1", to_location="W2", quantity=sent),
        ReceiveTransfer(**there, quantity=came, lost=lost, receipt="1"),
        ReceiveTransfer(**there, quantity=sent - came - lost, receipt="2"),
    ]
    if draw(st.booleans()):
        steps.append(ReverseArrival(**there, receipt="1", reason="x"))
    if draw(st.booleans()):
        steps.append(ReceiveTransfer(**there, quantity=came + lost, receipt="3"))
    return [(step, NOON + timedelta(hours=start + hour)) for hour, step in enumerate(steps)]


steps = st.tuples(moves, hours).map(lambda one: [one])
histories = st.lists(steps | journeys(), min_size=12, max_size=40).map(
    lambda parts: [*BEGUN, *(one for part in parts for one in part)]
)


def world_of_tea() -> World:
    return World({"product-I1": (TEA,)})


def told(world: World, asks: list[tuple[Command, datetime]]) -> list[StockTold]:
    """The rows of the ledger of what was not refused, each event in its own position."""
    found, position = list[StockTold](), 0
    for command, at in asks:
        before = dict(world.streams), dict(world.states)
        try:
            news = list(world.decide(command.model_copy(update={"occurred_at": at}), at))
        except Refused:
            world.streams, world.states = before
            continue
        for stream, event in news:
            position += 1
            header = SimpleNamespace(stream=stream, position=position)
            found += entered(header, micros(event.happened() or at), event)
    return found


@settings(quick, max_examples=30)
@given(histories, st.lists(st.tuples(st.integers(1, 60), st.integers(0, HOURS)), max_size=3))
def test_what_a_warehouse_does_is_worth_what_it_should_be(
    asks: list[tuple[Command, datetime]], ends: list[tuple[int, int]]
) -> None:
    world = world_of_tea()
    rows = told(world, asks)
    instants = accumulate((hour for _, hour in sorted(ends)), max)
    acts = [
        (True, Close(position, micros(NOON + timedelta(hours=hour)), ""))
        for (position, _), hour in zip(sorted(ends), instants, strict=True)
    ]
    moves = list(valued(rows, in_force(acts)))
    assert [*adds_up(moves), *stays(rows, acts)] == []
    for location in {one.told.location for one in moves}:
        stock: Stock = world.load(Stock, Stock.id_of(location, "I1"))
        assert stock.on_hand == [m for m in moves if m.told.location == location][-1].quantity


@settings(quick, max_examples=40)
@given(st.integers(0, 10**6), st.integers(1, 50), st.integers(1, 50))
def test_parts_sum_to_the_whole(value: int, part: int, more: int) -> None:
    whole = part + more
    first = share(value, part, whole)
    assert first + share(value - first, more, whole - part) == value
    assert abs(first * whole - value * part) * 2 <= whole
