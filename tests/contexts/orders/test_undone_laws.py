"""Whatever comes back or is lost, and is taken back, in whatever order: what is left adds up."""

from collections import Counter
from typing import Any

import hypothesis.strategies as st
from hypothesis import given, settings
from laws import order_adds_up, quick
from orders import a_shop, an_approved_order
from scenario import World

from aggregates import Refused
from aggregates.inventory.stock import Stock
from aggregates.orders.lines import part
from aggregates.orders.order import (
    OrderLossCredited,
    OrderLossUndone,
    OrderReturned,
    OrderReturnUndone,
    SalesOrder,
)
from commands import Command
from commands.orders.order import CreditLoss, Line, LinePart, ReturnOrder, ShipOrder
from commands.orders.undone_return import UndoLoss, UndoReturn

NAMES = "A", "B", "C", "D"
UNEVEN = (
    Line(item="I1", quantity=7, discount_bp=333),
    Line(item="I2", quantity=6, unit_price=332, discount_bp=1_111),
)
"""Lines whose parts are rounded."""
conditions = st.sampled_from([None, "damaged"])
portions = st.builds(LinePart, line=st.integers(1, 2), quantity=st.integers(1, 4))
names = st.sampled_from(NAMES)
told = st.one_of(
    st.builds(lambda n, p, c: _returned(n, p, c), names, portions, conditions),
    st.builds(lambda n, p: CreditLoss(id="O1", loss=n, shipment="S", lines=(p,)), names, portions),
    st.builds(lambda n: UndoReturn(id="O1", return_id=n, reason="x"), names),
    st.builds(lambda n: UndoLoss(id="O1", loss=n, reason="x"), names),
)


def _returned(name: str, portion: LinePart, condition: Any) -> ReturnOrder:
    return ReturnOrder(id="O1", return_id=name, lines=(portion,), reason="x", condition=condition)


def tried(world: World, command: Command) -> None:
    try:
        world.ask(command)
    except Refused:
        return


def worth(world: World) -> Counter[int]:
    """What came back or was lost of each line, by the events, as views add them up."""
    found = Counter[int]()
    for event in world.streams["order-O1"]:
        if isinstance(event, OrderReturned | OrderLossCredited):
            found.update({one.line: one.amount for one in event.lines})
        elif isinstance(event, OrderReturnUndone | OrderLossUndone):
            found.subtract({one.line: one.amount for one in event.lines})
    return found


def shelves(world: World) -> dict[str, tuple[int, int, int]]:
    places = [name for name in world.streams if name.startswith("stock")]
    states = {name: Stock.after(world.streams[name]) for name in places}
    return {name: (one.on_hand, one.reserved, one.blocked) for name, one in states.items()}


@settings(quick, max_examples=40)
@given(st.lists(told, min_size=4, max_size=16))
def test_what_is_taken_back_leaves_what_there_would_be_without_it(asks: list[Command]) -> None:
    world = a_shop({"I1": 20, "I2": 20})
    world.ask(*an_approved_order(UNEVEN), ShipOrder(id="O1", shipment="S"))
    sent: SalesOrder = world.load(SalesOrder, "O1")
    before = shelves(world)
    for command in asks:
        tried(world, command)
        order: SalesOrder = world.load(SalesOrder, "O1")
        order_adds_up(order)
        amounts = worth(world)
        for line, back in zip(order.lines, order.returned, strict=True):
            assert amounts[line.line] == (part(line, 0, back).amount if back else 0)
        assert sum(order.to_credit.values()) == sum(amounts.values())
    for _ in NAMES:
        for name in NAMES:
            tried(world, UndoReturn(id="O1", return_id=name, reason="x"))
            tried(world, UndoLoss(id="O1", loss=name, reason="x"))
    after: SalesOrder = world.load(SalesOrder, "O1")
    assert (after.returned, after.returns, after.to_credit) == (sent.returned, {}, {})
    assert after.uninvoiced == sent.uninvoiced
    assert not any(any(gone) for gone in after.losses.values())
    assert shelves(world) == before
