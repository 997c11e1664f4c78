"""What a command names must be there: nothing points nowhere, whichever way it is asked."""

from collections.abc import Iterator
from typing import Any

import pytest
from scenario import World

from aggregates import Unknown
from aggregates.customers.customer import CustomerRegistered
from aggregates.inventory.warehouse import Warehouse
from aggregates.operations.register import IdRegistered, TooAlike
from aggregates.plain import IsClosed
from commands import Command, registers
from commands.catalog.product import AddProduct
from commands.inventory.stock import (
    AdjustStock,
    CountStock,
    ReceiveStock,
    ReserveStock,
    SellOut,
    TransferStock,
)
from commands.loyalty.member import ChangeMemberDetails, EnrolMember, RedeemPoints
from commands.loyalty.purchase import Bought, EarnPoints, RecordPurchase
from commands.opportunities.opportunity import OpenOpportunity, WinOpportunity
from commands.orders.order import DraftOrder, Line
from commands.organisation.rep import HireRep
from commands.plain import verbs
from commands.registers import NoDealer

RegisterWarehouse, _, CloseWarehouse, _, _ = verbs(Warehouse)
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
        OpenOpportunity(id="OP1", customer="C1", title="Tea", amount=5, currency="CNY"),
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
    ReceiveStock(location="W1", item="nut404", quantity=5, reference="r"),
    AdjustStock(location="W1", item="nut404", quantity=5, reason="found", reference="r"),
    CountStock(location="W1", item="nut404", counted=5, reference="r"),
    SellOut(location="D1", item="nut404", sale="s", quantity=1, amount=1, currency="CNY"),
    SellOut(
        location="D1", item="tea", sale="s", quantity=1, amount=1, currency="CNY", member="M404"
    ),
    SellOut(location="D404", item="tea", sale="s", quantity=1, amount=1, currency="CNY"),
    ReserveStock(location="W1", item="tea", order="O404", quantity=1),
    RecordPurchase(
        id="M1",
        purchase="P1",
        dealer="D1",
        currency="CNY",
        lines=(Bought(item="nut404", quantity=1, amount=100),),
    ),
    WinOpportunity(id="OP1", order="O404"),
    DraftOrder(id="O1", customer="C404", warehouse="W1", lines=(TEA,)),
    DraftOrder(id="O1", customer="C1", warehouse="W1", lines=(TEA,), opportunity="OP404"),
]


@pytest.mark.parametrize("command", NOWHERE, ids=lambda each: each.slug())
def test_what_is_named_must_be_there(world: World, command: Command) -> None:
    world.refuses(command, Unknown)


@pytest.mark.parametrize(
    "command",
    [each for each in NOWHERE if getattr(each, "dealer", None) == "D404"],
    ids=lambda each: each.slug(),
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


def test_goods_lie_only_where_a_register_says(world: World) -> None:
    receipt = ReceiveStock(location="wh-sh", item="tea", quantity=5, reference="r")
    world.ask(RegisterWarehouse(id="WH-SH", name="Shanghai"))
    world.refuses(receipt, TooAlike)
    world.refuses(receipt.model_copy(update={"location": "d1"}), TooAlike)
    world.refuses(receipt.model_copy(update={"location": "W404"}), Unknown)
    assert world.ask(receipt.model_copy(update={"location": "WH-SH"}))
    sent = TransferStock(
        transfer="T1", from_location="WH-SH", to_location="W404", item="tea", quantity=1
    )
    world.refuses(sent, Unknown)
    assert world.ask(sent.model_copy(update={"to_location": "D1"}))


def test_nothing_new_comes_into_a_closed_warehouse(world: World) -> None:
    for name in ("WH-SH", "WH-BJ"):
        world.ask(
            RegisterWarehouse(id=name, name=name),
            ReceiveStock(location=name, item="tea", quantity=5, reference="r"),
        )
    world.ask(CloseWarehouse(id="WH-SH", reason="flood"))
    more = ReceiveStock(location="WH-SH", item="tea", quantity=5, reference="r2")
    world.refuses(more, IsClosed)
    assert world.ask(more.model_copy(update={"reference": "r"})) == ()
    sent = TransferStock(
        transfer="T1", from_location="WH-BJ", to_location="WH-SH", item="tea", quantity=1
    )
    world.refuses(sent, IsClosed)
    assert world.ask(sent.model_copy(update={"from_location": "WH-SH", "to_location": "WH-BJ"}))
