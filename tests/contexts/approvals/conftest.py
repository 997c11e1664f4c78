"""What the tests of approvals share."""

import pytest
from approving import drafted_order, route
from scenario import World
from shops import shop as shop

from commands.orders.order import SubmitOrder


@pytest.fixture
def world() -> World:
    return drafted_order()


@pytest.fixture
def submitted(world: World) -> World:
    """An order that waits for Li."""
    world.ask(route({"signers": [{"account": "li"}]}), SubmitOrder(id="SO-1"))
    return world
