"""What stands ready for a shipment goes out with it and as it is, whichever way it goes out."""

from datetime import timedelta

import pytest
from orders import a_world, approve, draft, submit
from scenario import NOON, World

from aggregates.orders.order import SalesOrder, StandsReady
from aggregates.orders.shipment import (
    NotUnderWay,
    PickCancelled,
    PickedAlready,
    PickedOtherwise,
    Shipment,
)
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
