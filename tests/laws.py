"""What holds of every aggregate: numbers add up, repeats change nothing, storage keeps all."""

from datetime import datetime
from typing import Any

import hypothesis.strategies as st
import msgspec
from hypothesis import HealthCheck, settings
from scenario import World

from aggregates import Event, Refused
from aggregates.inventory.stock import Stock
from aggregates.inventory.stock.timeline import KEPT, LOT
from aggregates.loyalty.member import Member
from aggregates.orders.order import SalesOrder
from commands import Command

quick = settings(
    max_examples=150,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
names = st.sampled_from(["A", "B", "C"])
few = st.integers(1, 12)


def asked(kind: type[Command], **fields: Any) -> st.SearchStrategy[Command]:
    """Requests of one kind; what is not told is drawn from its type."""
    return st.builds(kind, occurred_at=st.none(), dates=st.just("refuse"), **fields)


def try_out(world: World, command: Command, at: datetime) -> tuple[Event, ...] | None:
    """Ask, and hold every law whatever the answer; `None` is a refusal."""
    try:
        events = world.ask(command, at=at)
    except Refused:
        return None
    deciding_again_changes_nothing(world, command, at)
    for event in events:
        storage_keeps(event)
    for state in world.states.values():
        numbers_add_up(state)
        storage_keeps(state)
    return events


def deciding_again_changes_nothing(world: World, command: Command, at: datetime) -> None:
    before, streams = dict(world.states), dict(world.streams)
    again = world.ask(command, at=at)
    assert all(event.refusal for event in again), again
    assert {name: world.states[name] for name in before} == before
    world.streams = streams


def storage_keeps(value: Any) -> None:
    assert msgspec.json.decode(msgspec.json.encode(value), type=type(value)) == value


def numbers_add_up(state: Any) -> None:
    match state:
        case Stock():
            stock_adds_up(state)
        case SalesOrder():
            order_adds_up(state)
        case Member():
            member_adds_up(state)


def stock_adds_up(stock: Stock) -> None:
    assert stock.reserved == sum(stock.orders.values())
    assert all(quantity > 0 for quantity in [*stock.orders.values(), *stock.transit.values()])
    movements = [movement for lot in stock.past.movements for movement in lot]
    assert len(movements) <= KEPT + LOT
    assert len(stock.past.counts) <= KEPT
    if stock.past.forgotten is None:
        assert stock.on_hand == sum(movement.quantity for movement in movements)


def order_adds_up(order: SalesOrder) -> None:
    rows = zip(order.lines, order.shipped, order.returned, strict=True)
    for line, shipped, returned in rows:
        assert 0 <= returned <= shipped <= 2 * line.quantity  # settings allow no more
    sent = [line for parts in order.shipments.values() for line in parts]
    for line, shipped in zip(order.lines, order.shipped, strict=True):
        mine = [each for each in sent if each.line == line.line]
        assert sum(each.quantity for each in mine) == shipped
        assert sum(each.amount for each in mine) == line.amount * shipped // line.quantity


def member_adds_up(member: Member) -> None:
    assert member.debt >= 0
    assert all(lot.left > 0 for lot in member.lots.full.values())
    assert not any(lot.left for lot in member.lots.empty.values())
    for lot in (*member.lots.full.values(), *member.lots.empty.values()):
        assert lot.left + lot.spent <= lot.points
        assert lot.owed >= 0
        assert 0 <= lot.taken <= lot.points
