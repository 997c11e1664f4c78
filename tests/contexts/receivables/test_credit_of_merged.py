"""Customers that are one and the same owe together: one figure, one limit, until they are two."""

from contextlib import suppress
from itertools import chain
from typing import Any

import hypothesis.strategies as st
from hypothesis import given, settings
from scenario import NOON, World

from aggregates import ReferenceTaken, Refused
from aggregates.catalog.product import ProductAdded
from aggregates.customers.customer import Customer, CustomerRegistered, FrozenCustomer, MergedAway
from aggregates.inventory.stock import StockReceived
from aggregates.orders.order import SalesOrder
from aggregates.organisation.rep import RepHired
from aggregates.receivables.account import CustomerAccount
from aggregates.receivables.account.credit import BelowExposure, CreditOnHold, OrderCreditRefused
from aggregates.receivables.invoice import Invoice
from aggregates.receivables.receipt import Receipt
from commands import Command
from commands.customers.customer import FreezeCustomer
from commands.customers.merge import MergeCustomer, UnmergeCustomer
from commands.orders.order import (
    ApproveOrder,
    CancelOrder,
    DraftOrder,
    Line,
    ShipOrder,
    SubmitOrder,
)
from commands.receivables.account import HoldCredit, SetCreditLimit
from commands.receivables.allocation import AllocateReceipt, OtherCustomer, UndoAllocation
from commands.receivables.entries import paying
from commands.receivables.invoice import IssueInvoice
from commands.receivables.receipt import ReceivePayment, RefundReceipt

WHO = "li", "east", "shanghai"
NAMES = ("A", "B", "C")


def a_world() -> World:
    shops = {
        f"customer-{name}": (CustomerRegistered(name, "retailer", *WHO, None, None, None),)
        for name in NAMES
    }
    tea = ProductAdded("Tea", "drinks", "box", None, 100, 60, "CNY")
    return World(
        {
            "rep-li": (RepHired("Li", "east", "shanghai", None),),
            "product-tea": (tea,),
            "stock-W:tea": (StockReceived("warehouse", 10_000, "opening", "X", NOON),),
            **shops,
        }
    )


def drafted(order: str, customer: str, quantity: int) -> tuple[Command, ...]:
    lines = (Line(item="tea", quantity=quantity),)
    draft = DraftOrder(id=order, customer=customer, warehouse="W", lines=lines)
    return draft, SubmitOrder(id=order)


def ordered(order: str, customer: str, quantity: int) -> tuple[Command, ...]:
    return *drafted(order, customer, quantity), ApproveOrder(id=order)


def limited(customer: str, limit: int) -> SetCreditLimit:
    return SetCreditLimit(id=customer, currency="CNY", limit=limit, reason="a good year")


def merged(customer: str, into: str) -> MergeCustomer:
    return MergeCustomer(id=customer, customer=into, reason="one shop")


def exposure(world: World, customer: str) -> int:
    account: CustomerAccount = world.load(CustomerAccount, customer)
    return account.exposure("CNY")


def test_what_both_owe_is_one_figure_under_one_limit_until_they_are_taken_apart() -> None:
    world = a_world()
    world.ask(*ordered("O1", "A", 4), *drafted("O2", "A", 7), limited("B", 1_000))
    world.ask(*ordered("O3", "B", 5))
    world.ask(ShipOrder(id="O1", shipment="S1"), IssueInvoice(id="V1", order="O1", shipment="S1"))
    world.ask(merged("A", "B"))
    assert (exposure(world, "A"), exposure(world, "B")) == (0, 900)
    refused = OrderCreditRefused("O2", "CNY", 1_000, 900, 700)
    assert world.ask(ApproveOrder(id="O2")) == (refused,)
    world.ask(*drafted("O4", "B", 2))
    assert isinstance(world.ask(ApproveOrder(id="O4"))[0], OrderCreditRefused)
    world.ask(ReceivePayment(id="P1", customer="A", amount=300, currency="CNY"))
    world.ask(AllocateReceipt(id="P1", allocation="1"), ApproveOrder(id="O4"))
    assert exposure(world, "B") == 800
    world.refuses(limited("A", 9_000), MergedAway)
    world.refuses(limited("B", 700), BelowExposure)
    world.ask(UnmergeCustomer(id="A", reason="two shops"))
    assert (exposure(world, "A"), exposure(world, "B")) == (100, 700)


def test_a_hold_is_not_lost_by_a_merge() -> None:
    world = a_world()
    hold = HoldCredit(id="A", reason="bounced cheque")
    world.ask(hold)
    world.refuses(merged("A", "B"), CreditOnHold)
    world.ask(*drafted("O1", "A", 1), hold.model_copy(update={"id": "B"}), merged("A", "B"))
    world.refuses(ApproveOrder(id="O1"), CreditOnHold)
    world.refuses(hold, MergedAway)


def test_one_pays_for_the_other_while_they_are_one_and_for_itself_alone_afterwards() -> None:
    world = a_world()
    for n, who in enumerate(("A", "A", "B"), start=1):
        sent = ShipOrder(id=f"O{n}", shipment="S")
        invoiced = IssueInvoice(id=f"V{n}", order=f"O{n}", shipment="S")
        world.ask(*ordered(f"O{n}", who, n), sent, invoiced)
    payment = ReceivePayment(id="P1", customer="B", amount=550, currency="CNY", reference="N-1")
    world.ask(payment)
    by_hand = AllocateReceipt(id="P1", allocation="1", invoice="V1")
    world.refuses(by_hand, OtherCustomer)
    world.ask(merged("A", "B"), by_hand, AllocateReceipt(id="P1", allocation="2"))
    again = payment.model_copy(update={"id": "P2", "customer": "A"})
    world.refuses(again, ReferenceTaken)

    def left() -> tuple[int, ...]:
        invoices: list[Invoice] = [world.load(Invoice, one) for one in ("V1", "V2", "V3")]
        receipt: Receipt = world.load(Receipt, "P1")
        return (*(one.open for one in invoices), receipt.left)

    assert left() == (0, 0, 50, 0)
    world.ask(UnmergeCustomer(id="A", reason="two shops"))
    assert left() == (100, 200, 50, 300)
    assert (exposure(world, "A"), exposure(world, "B")) == (300, -250)
    other = ReceivePayment(id="P3", customer="A", amount=40, currency="CNY")
    of_the_other = AllocateReceipt(id="P3", allocation="1", invoice="V3", amount=10)
    world.ask(merged("A", "B"), other, of_the_other)
    world.ask(UnmergeCustomer(id="A", reason="two shops"))
    assert (exposure(world, "A"), exposure(world, "B")) == (260, -250)
    world.ask(RefundReceipt(id="P3", refund="1", reason="two shops"))
    rest = UndoAllocation(id="P1", allocation="2", reason="not that one either")
    world.ask(rest, merged("A", "B"), AllocateReceipt(id="P1", allocation="3"))
    assert left() == (0, 0, 50, 0)


def test_who_was_merged_into_a_frozen_customer_gets_nothing() -> None:
    world = a_world()
    world.ask(*drafted("O1", "A", 1), *drafted("O2", "A", 1), ApproveOrder(id="O2"))
    world.ask(merged("A", "B"), FreezeCustomer(id="B", reason="unpaid"))
    for ask in (ApproveOrder(id="O1"), ShipOrder(id="O2", shipment="S1")):
        world.refuses(ask, FrozenCustomer)


def built(kind: type[Command], **fields: Any) -> st.SearchStrategy[Command]:
    told = st.fixed_dictionaries(fields)
    return told.map(lambda one: kind.model_validate(one))


name = st.sampled_from(NAMES)
order, invoice, receipt = (st.sampled_from([f"{kind}{n}" for n in "12"]) for kind in "OVP")
reason = st.just("x")
lines = st.integers(1, 9).map(lambda so_many: [{"item": "tea", "quantity": so_many}])
acts = st.one_of(
    built(MergeCustomer, id=name, customer=name, reason=reason),
    built(UnmergeCustomer, id=name, reason=reason),
    built(DraftOrder, id=order, customer=name, warehouse=st.just("W"), lines=lines),
    built(SubmitOrder, id=order),
    built(ApproveOrder, id=order),
    built(ShipOrder, id=order, shipment=st.just("S")),
    built(CancelOrder, id=order, reason=reason),
    built(IssueInvoice, id=invoice, order=order, shipment=st.just("S")),
    built(
        ReceivePayment,
        id=receipt,
        customer=name,
        amount=st.integers(1, 900),
        currency=st.just("CNY"),
    ),
    built(AllocateReceipt, id=receipt, allocation=st.sampled_from("12")),
    built(
        SetCreditLimit,
        id=name,
        currency=st.just("CNY"),
        limit=st.integers(0, 2_000),
        reason=reason,
    ),
)
ALL_OF_IT = (
    *ordered("O1", "A", 3),
    *ordered("O2", "B", 2),
    ShipOrder(id="O2", shipment="S"),
    limited("A", 900),
)


def owed(world: World) -> dict[str, int]:
    """By who answers for it, what each document itself says."""
    found = dict.fromkeys(NAMES, 0)
    for stream in world.streams:
        kind, _, key = stream.partition("-")
        if kind == "order" and (order := world.load(SalesOrder, key)).drafted is not None:
            found[paying(world.load, order.drafted.customer)] += order.uninvoiced
        if kind == "invoice":
            invoice: Invoice = world.load(Invoice, key)
            found[paying(world.load, invoice.known().debtor.customer)] += invoice.open
        if kind == "receipt":
            receipt: Receipt = world.load(Receipt, key)
            payer = paying(world.load, receipt.known().debtor.customer)
            found[payer] -= receipt.left
            for part in chain(*receipt.allocations.values()):
                settled: Invoice = world.load(Invoice, part.invoice)
                assert paying(world.load, settled.known().debtor.customer) == payer
    return found


@settings(max_examples=80, derandomize=True, database=None)
@given(st.lists(acts, max_size=14))
def test_however_they_are_merged_each_document_is_owed_once_by_who_answers_for_it(
    asked: list[Command],
) -> None:
    world = a_world()
    world.ask(*ALL_OF_IT)
    apart = [UnmergeCustomer(id=one, reason="all over") for one in NAMES]
    for command in (*asked, *apart):
        with suppress(Refused):
            world.ask(command)
        told = owed(world)
        for one in NAMES:
            account: CustomerAccount = world.load(CustomerAccount, one)
            assert all(found.amount for found in account.documents.values())
            if account.limits:
                assert exposure(world, one) == told[one], command
            if world.load(Customer, one).merged_into is not None:
                assert not account.documents
