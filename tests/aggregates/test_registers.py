"""What a command names must be there: nothing points nowhere, whichever way it is asked."""

from collections.abc import Iterator
from typing import Any

import pytest
from scenario import World

from aggregates import Unknown
from aggregates.customer import CustomerRegistered
from aggregates.register import IdRegistered, TooAlike
from commands import Command, registers
from commands.member import ChangeMemberDetails, EnrolMember, RedeemPoints
from commands.order import DraftOrder, Line
from commands.product import AddProduct
from commands.purchase import Bought, EarnPoints, RecordPurchase
from commands.registers import NoDealer
from commands.rep import HireRep

TEA = Line(item="tea", quantity=1)
BOX = Bought(item="tea", quantity=1, amount=100)
CNY = {"currency": "CNY"}


def customer(kind: Any) -> CustomerRegistered:
    return CustomerRegistered("Shop", kind, "R1", "east", "sh", None, None, None)


@pytest.fixture
def world() -> Iterator[World]:
    made = World({"customer-C1": (customer("retailer"),), "customer-D1": (customer("dealer"),)})
    made.ask(
        HireRep(id="R1", name="Li", department="east", region="sh"),
        AddProduct(id="tea", name="Tea", category="x", unit="box", list_price=9, currency="CNY"),
        EnrolMember(id="M1", name="Zhang", dealer="D1"),
        EarnPoints(id="M1", purchase="P0", points=50),
    )
    registers.use(checked=True)
    yield made
    registers.use(checked=False)


NOWHERE = [
    EnrolMember(id="M9", dealer="D404"),
    ChangeMemberDetails(id="M1", dealer="D404"),
    EarnPoints(id="M1", purchase="P1", points=5, dealer="D404"),
    RedeemPoints(id="M1", redemption="X", form="gift", points=5, dealer="D404"),
    RecordPurchase(id="M1", purchase="P1", dealer="D404", lines=(BOX,), currency="CNY"),
    DraftOrder(id="O1", customer="C404", warehouse="W1", lines=(TEA,)),
    DraftOrder(id="O1", customer="C1", warehouse="W1", lines=(TEA,), opportunity="OP404"),
]


@pytest.mark.parametrize("command", NOWHERE, ids=lambda each: each.slug())
def test_what_is_named_must_be_there(world: World, command: Command) -> None:
    world.refuses(command, Unknown)


@pytest.mark.parametrize(
    "command", [each for each in NOWHERE if "D404" in str(each)], ids=lambda each: each.slug()
)
def test_a_dealer_is_a_customer_that_is_registered_as_one(world: World, command: Command) -> None:
    asked = command.model_copy(update={"dealer": "C1"})
    world.refuses(asked, NoDealer)


def test_an_order_is_from_a_warehouse_of_the_register(world: World) -> None:
    asked = DraftOrder(id="O1", customer="C1", warehouse="wh-sh", lines=(TEA,))
    world.ask(asked)  # nobody keeps a register
    kept = World({**world.streams, "register-warehouses": (IdRegistered("WH-SH"),)})
    kept.refuses(asked.model_copy(update={"id": "O2"}), TooAlike)
    kept.refuses(asked.model_copy(update={"id": "O2", "warehouse": "W404"}), Unknown)
    assert kept.ask(asked.model_copy(update={"id": "O2", "warehouse": "WH-SH"}))


def test_what_was_recorded_is_a_repeat_whatever_the_registers_say(world: World) -> None:
    registers.use(checked=False)
    asked = EnrolMember(id="M9", dealer="D404")
    world.ask(asked)
    registers.use(checked=True)
    assert world.ask(asked) == ()


def test_a_company_may_take_names_as_they_come(world: World) -> None:
    registers.use(checked=False)
    assert world.ask(EnrolMember(id="M9", dealer="D404"))
