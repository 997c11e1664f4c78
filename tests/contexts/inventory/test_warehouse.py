"""Goods lie only where a register says, once there is one; nothing new comes into a closed one."""

import pytest
from scenario import World

from aggregates import ReferenceTaken, Unknown
from aggregates.customers.customer import CustomerRegistered
from aggregates.inventory.warehouse import (
    Warehouse,
    WarehouseChanged,
    WarehouseClosed,
    WarehouseRegistered,
    WarehouseReopened,
)
from aggregates.operations.register import IdRegistered, TooAlike
from aggregates.plain import IsClosed
from commands.plain import verbs
from commands.registers import holder_at, takes_in

RegisterWarehouse, ChangeWarehouse, CloseWarehouse, ReopenWarehouse, _ = verbs(Warehouse)
SH = RegisterWarehouse(id="WH-SH", name="Shanghai", city="Shanghai")
DEALER = CustomerRegistered("Nine", "dealer", "R2", "west", "cd", None, None, None)


@pytest.fixture
def world() -> World:
    return World({"customer-D9": (DEALER,)})


def test_a_warehouse_is_entered_into_the_register(world: World) -> None:
    assert world.ask(SH) == (WarehouseRegistered("Shanghai", "Shanghai"), IdRegistered("WH-SH"))
    assert world.ask(SH) == ()
    said = world.refuses(RegisterWarehouse(id="WH-SH", name="Suzhou"), ReferenceTaken)
    assert "name Shanghai, not Suzhou" in said
    assert "city Shanghai, not nothing" in said


def test_ids_that_differ_by_capitals_alone_are_one(world: World) -> None:
    world.ask(SH)
    world.refuses(RegisterWarehouse(id="wh-sh", name="Other"), TooAlike)
    for place in ("wh-sh", "d9"):
        with pytest.raises(TooAlike):
            holder_at(world.load, place)


def test_the_registers_say_who_holds_what_lies_somewhere(world: World) -> None:
    assert holder_at(world.load, "D9") == "dealer"
    assert holder_at(world.load, "W7") is None  # nobody keeps a register yet
    world.ask(SH)
    assert holder_at(world.load, "WH-SH") == "warehouse"
    with pytest.raises(Unknown, match="There is no W7"):
        holder_at(world.load, "W7")


def test_nothing_comes_into_a_closed_warehouse(world: World) -> None:
    close, reopen = CloseWarehouse(id="WH-SH", reason="flood"), ReopenWarehouse(id="WH-SH")
    world.refuses(close, Unknown)
    world.ask(SH)
    assert world.ask(close) == (WarehouseClosed("flood"),)
    assert world.ask(close) == ()
    world.refuses(CloseWarehouse(id="WH-SH", reason="fire"), ReferenceTaken)
    with pytest.raises(IsClosed):
        takes_in(world.load, "WH-SH")
    assert world.ask(reopen) == (WarehouseReopened(),)
    assert world.ask(reopen) == ()
    takes_in(world.load, "WH-SH")


def test_what_is_not_given_stays(world: World) -> None:
    world.refuses(ChangeWarehouse(id="WH-SH", name="New"), Unknown)
    world.ask(SH)
    assert world.ask(ChangeWarehouse(id="WH-SH", name="New")) == (
        WarehouseChanged("New", "Shanghai"),
    )
    assert world.ask(ChangeWarehouse(id="WH-SH", name="New")) == ()
    assert world.ask(ChangeWarehouse(id="WH-SH", city=None)) == (WarehouseChanged("New", None),)
