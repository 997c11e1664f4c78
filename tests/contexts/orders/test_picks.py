"""What stands ready for a shipment goes out with it and as it is, whichever way it goes out."""

from datetime import timedelta

import pytest
from orders import a_world, approve, draft, submit
from scenario import NOON, World

from aggregates.orders.order import OrderPicked, SalesOrder, StandsReady
from aggregates.orders.shipment import (
    NotUnderWay,
    PickCancelled,
    PickedAlready,
    PickedOtherwise,
    Shipment,
)
from commands.inventory.stock import CountStock
from commands.orders.deferral import DeferOrder
from commands.orders.order import (
    ApproveOrder,
    LapseReservation,
    Line,
    LinePart,
    RedraftOrder,
    ShipOrder,
)
from commands.orders.shipment import CancelPick, DispatchShipment, PickShipment

ONE = (LinePart(line=1, quantity=1),)
TWO = (LinePart(line=1, quantity=2),)
pick = PickShipment(order="O1", shipment="S1", lines=TWO)
put_back = CancelPick(order="O1", shipment="S1", reason="wrong shelf")
dispatch = DispatchShipment(order="O1", shipment="S1", carrier="SF")
ship = ShipOrder(id="O1", shipment="S1")


@pytest.fixture
def world() -> World:
    made = a_world("retailer")
    made.ask(draft, submit, approve, pick)
    return made


def test_what_was_picked_is_what_is_shipped(world: World) -> None:
    world.refuses(ship.model_copy(update={"lines": ONE}), PickedOtherwise)
    world.ask(ship)
    order: SalesOrder = world.load(SalesOrder, "O1")
    assert order.shipped == (2, 0)
    assert "left already" in world.refuses(put_back, NotUnderWay)
    world.ask(dispatch)
    shipment: Shipment = world.load(Shipment, "O1:S1")
    assert shipment.dispatched is not None


def test_what_stands_ready_is_shipped_with_no_other(world: World) -> None:
    other = ship.model_copy(update={"shipment": "S2"})
    world.refuses(other.model_copy(update={"lines": TWO}), PickedAlready)
    world.ask(other, dispatch)
    order: SalesOrder = world.load(SalesOrder, "O1")
    assert (order.status, order.shipped) == ("shipped", (3, 2))


def test_what_was_put_back_goes_out_under_another_id(world: World) -> None:
    world.ask(put_back)
    world.refuses(ship, PickCancelled)
    world.ask(ship.model_copy(update={"shipment": "S2"}))


def test_no_other_goods_are_put_under_a_pick() -> None:
    world, soon = a_world("retailer"), NOON + timedelta(hours=1)
    held = ApproveOrder(id="O1", hold_until=soon)
    world.ask(draft, submit, held, pick)
    world.ask(LapseReservation(id="O1"), at=soon)
    cups = RedraftOrder(id="O1", lines=(Line(item="I2", quantity=5),))
    assert "cancel-pick" in world.refuses(cups, StandsReady, at=soon)
    world.ask(put_back, cups, submit, approve, at=soon)
    world.refuses(dispatch, PickCancelled, at=soon)


def test_a_pick_that_its_order_knows_nothing_of_leaves_as_it_was_picked(world: World) -> None:
    """Older builds told the shipment alone of it."""
    told = world.streams["order-O1"]
    old = {"order-O1": tuple(event for event in told if not isinstance(event, OrderPicked))}
    was = World(world.streams | old)
    was.ask(dispatch)
    order: SalesOrder = was.load(SalesOrder, "O1")
    assert (order.status, order.shipped) == ("partly_shipped", (2, 0))
    rest = {"shipment": "S2", "lines": None}
    was.ask(pick.model_copy(update=rest), dispatch.model_copy(update={"shipment": "S2"}))
    assert was.load(SalesOrder, "O1").status == "shipped"
    back = World(world.streams | old)
    back.ask(put_back, ship.model_copy(update={"shipment": "S2"}))
    assert back.load(SalesOrder, "O1").status == "shipped"


def test_what_stands_ready_is_not_given_up_behind_its_back(world: World) -> None:
    world.ask(CountStock(location="W1", item="I1", counted=1, reference="C"))
    wait = DeferOrder(id="O1", reason="counted")
    assert "cancel-pick" in world.refuses(wait, StandsReady)
    world.ask(put_back, wait)
    assert world.load(SalesOrder, "O1").status == "submitted"
