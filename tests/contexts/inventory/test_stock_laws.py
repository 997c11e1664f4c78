"""Whatever is asked of stock in whatever order, nobody is promised what is not there."""

from datetime import datetime, timedelta
from typing import Any

import hypothesis.strategies as st
from hypothesis import given
from laws import asked, few, names, quick, try_out
from scenario import NOON, World

from aggregates.inventory.stock import Stock, StockArrived, StockDispatched, StockTakenBack
from commands import Command
from commands.inventory.blocking import ScrapBlockedStock, UnblockStock
from commands.inventory.stock import (
    AdjustStock,
    CountStock,
    IssueStock,
    ReceiveStock,
    ReceiveTransfer,
    ReleaseStock,
    ReserveStock,
    SellOut,
    TransferStock,
)
from commands.inventory.stock_corrections import CancelTransfer, RedirectTransfer
from commands.orders.blocking import BlockStock

hours = st.integers(0, 48).map(lambda n: NOON + timedelta(hours=n))
places = st.sampled_from(["W1", "W2"])
hours = st.integers(0, 48).map(lambda n: NOON + timedelta(hours=n))


def stocked(kind: type[Command], **fields: Any) -> st.SearchStrategy[Command]:
    return asked(kind, location=places, item=st.just("I1"), **fields)


moves = st.one_of(
    stocked(ReceiveStock, quantity=few, reference=names),
    stocked(IssueStock, quantity=few, reason=st.just("sale"), reference=names),
    stocked(ReserveStock, order=names, quantity=few),
    stocked(ReleaseStock, order=names),
    stocked(AdjustStock, quantity=st.integers(-9, 9), reason=st.just("x"), reference=names),
    stocked(ReceiveTransfer, transfer=names, quantity=few, lost=st.integers(0, 3), receipt=names),
    asked(
        TransferStock,
        transfer=names,
        from_location=places,
        to_location=places,
        item=st.just("I1"),
        quantity=few,
    ),
)
moves |= st.one_of(
    stocked(CancelTransfer, transfer=names, reason=st.just("x")),
    stocked(
        RedirectTransfer,
        transfer=names,
        reason=st.just("x"),
        to_location=st.sampled_from(["W1", "W2", "W3"]),
    ),
)
moves |= st.one_of(
    stocked(BlockStock, quantity=few, reference=names),
    stocked(UnblockStock, reference=names, document=names, quantity=few),
    stocked(ScrapBlockedStock, reference=names, document=names),
)
facts = st.one_of(
    stocked(CountStock, counted=st.integers(0, 30), counted_at=hours, reference=names),
    asked(
        SellOut,
        location=st.just("D1"),
        item=st.just("I1"),
        sale=names,
        quantity=few,
        amount=few,
        currency=st.just("CNY"),
        member=st.none(),
    ),
)


@quick
@given(st.lists(st.tuples(st.one_of(moves, facts), hours), min_size=10, max_size=60))
def test_stock_adds_up_whatever_is_asked(asks: list[tuple[Command, datetime]]) -> None:
    world = World()
    for command, at in asks:
        try_out(world, command, at)


@quick
@given(st.lists(moves, min_size=10, max_size=60))
def test_nothing_that_asks_takes_what_is_promised(asks: list[Command]) -> None:
    world = World()
    for command in asks:
        try_out(world, command, NOON)
        for stock in stocks(world):
            assert stock.available >= 0
            assert all(quantity > 0 for quantity in stock.blocks.values())


@quick
@given(st.lists(moves, min_size=10, max_size=60))
def test_what_left_has_arrived_or_is_lost_or_on_its_way(asks: list[Command]) -> None:
    world = World()
    for command in asks:
        try_out(world, command, NOON)
    events = [event for stream in world.streams.values() for event in stream]
    sent = sum(event.quantity for event in events if isinstance(event, StockDispatched))
    come = sum(event.quantity + event.lost for event in events if isinstance(event, StockArrived))
    back = sum(event.quantity for event in events if isinstance(event, StockTakenBack))
    on_its_way = sum(sum(stock.transit.values()) for stock in stocks(world))
    assert sent == come + back + on_its_way


def stocks(world: World) -> list[Stock]:
    return [state for state in world.states.values() if isinstance(state, Stock)]
