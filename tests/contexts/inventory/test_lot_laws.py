"""Whatever is asked of lots in whatever order: none is issued that is held back, none twice."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, ClassVar

import hypothesis.strategies as st
from hypothesis import given, settings
from laws import few, quick, try_out
from scenario import NOON, World

from aggregates import Aggregate, Event
from aggregates.calendar import business_day
from aggregates.inventory.lot import ProductLot
from aggregates.inventory.stock import (
    Asked,
    LotsHeld,
    LotsMoved,
    Stock,
    StockBlocked,
    StockCounted,
    StockMoved,
    StockUnblocked,
)
from aggregates.inventory.stock.lots import blocking
from commands import Command, Load
from commands.inventory.blocking import ScrapBlockedStock, UnblockStock
from commands.inventory.lot import QuarantineLot, ReleaseLot
from commands.inventory.stock import (
    AdjustStock,
    CountStock,
    IssueStock,
    ReceiveStock,
    ReceiveTransfer,
    ReleaseStock,
    ReserveStock,
    StockCommand,
    TransferStock,
)
from commands.inventory.stock_corrections import CancelTransfer, ReverseMovement
from commands.orders.blocking import BlockStock
from projections.inventory import dealer_stock

LASTS = {"A": 0, "B": 1, "C": 9}
"""Days that each lot keeps."""
USES = ("sales_issue", "production_issue")


class Ship(StockCommand):
    """What is reserved for an order leaves for it."""

    aggregate: ClassVar[type[Aggregate]] = Stock
    order: str
    shipment: str
    quantity: int

    def on(self, stock: Stock, asked: Asked, load: Load) -> Iterable[Event]:
        return stock.ship(self.order, self.shipment, self.quantity, asked)


names = st.sampled_from("PQRSTU")
orders = st.sampled_from("PQ")
hours = st.integers(0, 48).map(lambda n: NOON + timedelta(hours=n))
lots = st.sampled_from([*LASTS, None])
WHERE = {"location": st.sampled_from("WWV"), "item": st.just("I")}


def asks(kind: type[Command], **fields: Any) -> st.SearchStrategy[Command]:
    return st.builds(kind, occurred_at=hours, dates=st.just("refuse"), **fields)


def stocked(kind: type[Command], **fields: Any) -> st.SearchStrategy[Command]:
    return asks(kind, **WHERE, **fields)


def arrived(kind: type[Command], **fields: Any) -> st.SearchStrategy[Command]:
    return asks(kind, location=st.just("V"), item=st.just("I"), **fields)


def received(lot: str | None) -> st.SearchStrategy[Command]:
    expires = None if lot is None else business_day(NOON) + timedelta(days=LASTS[lot])
    told = {"lot": st.just(lot), "expires_on": st.just(expires), "holder": st.none()}
    return stocked(ReceiveStock, quantity=few, reference=names, reason=st.just("purchase"), **told)


opening = [
    ReceiveStock(
        location="W",
        item="I",
        quantity=20,
        reference=f"O-{lot}",
        lot=lot,
        expires_on=business_day(NOON) + timedelta(days=days),
        occurred_at=NOON,
    )
    for lot, days in LASTS.items()
]
moves = st.one_of(
    lots.flatmap(received),
    stocked(
        IssueStock,
        quantity=few,
        reason=st.sampled_from(["sale", "scrap"]),
        reference=names,
        lot=lots,
    ),
    stocked(ReserveStock, order=orders, quantity=few, lot=lots),
    stocked(ReserveStock, order=orders, quantity=few, lot=st.none()),
    stocked(ReleaseStock, order=orders),
    stocked(Ship, order=orders, shipment=names, quantity=few),
    stocked(
        AdjustStock,
        quantity=st.integers(-9, -1),
        reason=st.just("x"),
        reference=names,
        lot=lots,
    ),
    stocked(CountStock, counted=few, counted_at=hours, reference=names, holder=st.none(), lot=lots),
    stocked(
        ReverseMovement,
        document=st.sampled_from(["received", "issued", "counted"]),
        reference=names,
        reason=st.just("x"),
    ),
    asks(
        TransferStock,
        transfer=names,
        from_location=st.just("W"),
        to_location=st.just("V"),
        item=st.just("I"),
        quantity=few,
        lot=lots,
        to_holder=st.none(),
    ),
    arrived(ReceiveTransfer, transfer=names, quantity=few, lost=st.integers(0, 3), receipt=names),
    arrived(CancelTransfer, transfer=names, reason=st.just("x")),
    stocked(BlockStock, quantity=few, reference=names, lot=lots),
    stocked(UnblockStock, reference=names, document=names, quantity=st.one_of(st.none(), few)),
    stocked(ScrapBlockedStock, reference=names, document=names, quantity=st.none()),
)
checks = st.sampled_from([QuarantineLot, ReleaseLot]).flatmap(
    lambda kind: asks(
        kind, item=st.just("I"), lot=st.sampled_from([*LASTS]), reason=st.just("checked")
    )
)


def when(command: Command) -> datetime:
    assert command.occurred_at is not None
    return command.occurred_at


@settings(quick, max_examples=80)
@given(st.lists(st.one_of(moves, moves, moves, checks), min_size=10, max_size=40), st.booleans())
def test_lots_add_up_and_what_is_held_back_stays(asked: list[Command], counts: bool) -> None:
    world = World()
    every = (one for one in asked if counts or not isinstance(one, CountStock))
    for command in [*opening, *every]:
        events = try_out(world, command, when(command))
        for event in events or ():
            if isinstance(event, LotsMoved) and event.movement in USES:
                nothing_is_issued_that_is_held_back(world, event)
            if isinstance(event, LotsHeld | StockBlocked | StockUnblocked):
                nothing_is_promised_twice(world.load(Stock, command.id), event)
    for stream in world.streams:
        if stream.startswith("stock-"):
            lots_add_up_at_every_instant(world, stream)


def nothing_is_issued_that_is_held_back(world: World, event: LotsMoved) -> None:
    for part in event.lots:
        lot: ProductLot = world.load(ProductLot, part.lot)
        assert part.quantity > 0 or not lot.quarantined_at(event.moved_at)
        assert (
            part.quantity > 0
            or lot.expires_on is None
            or (business_day(event.moved_at) <= lot.expires_on)
        )


def nothing_is_promised_twice(
    stock: Stock, event: LotsHeld | StockBlocked | StockUnblocked
) -> None:
    for part in event.lots:
        known = stock.lots.of(part.lot)
        assert part.quantity < 0 or known.held <= known.on_hand
    assert not isinstance(event, StockBlocked) or stock.available >= 0
    holders = {**stock.orders, **{blocking(name): n for name, n in stock.blocks.items()}}
    by_lot: Counter[str] = Counter()
    for order, held in stock.lots.held.items():
        assert sum(held.values()) <= holders[order]
        by_lot.update(held)
    assert {lot: known.held for lot, known in stock.lots.there.items() if known.held} == by_lot


def lots_add_up_at_every_instant(world: World, stream: str) -> None:
    """Told anew from the events alone: no lot is below nothing, nor are goods of no lot."""
    total: Counter[datetime] = Counter()
    by_lot: dict[str, Counter[datetime]] = {}
    counted = False
    for event in world.streams[stream]:
        counted |= isinstance(event, StockCounted)
        if isinstance(event, StockMoved):
            (row,) = dealer_stock.rows(Header(stream), event)
            total[event.moved_at] += row.on_hand
        if isinstance(event, LotsMoved):
            for part in event.lots:
                by_lot.setdefault(part.lot, Counter())[event.moved_at] += part.quantity
    stock: Stock = world.load(Stock, stream.removeprefix("stock-"))
    known = {lot: one.on_hand for lot, one in stock.lots.there.items() if one.on_hand}
    assert known == {lot: n for lot, one in by_lot.items() if (n := sum(one.values()))}
    if counted:
        return  # what was found missing was missing before
    for at in sorted(total):
        there = [sum(n for when, n in one.items() if when <= at) for one in by_lot.values()]
        assert all(quantity >= 0 for quantity in there)
        assert sum(there) <= sum(n for when, n in total.items() if when <= at)


class Header:
    def __init__(self, stream: str) -> None:
        self.stream = stream
