"""A step waits until the one before it is signed, and a bug that forgets it is noticed."""

from collections.abc import Callable

import pytest
from contexts.orders.test_exchange import test_an_exchange_never_doubles
from mutants.caught import assert_caught
from mutants.plant import Mutant
from orders import a_world, approve, draft, ship, submit

from aggregates import Refused
from aggregates.orders.order.signing import StepNotReached
from aggregates.orders.shipment import NotUnderWay
from commands.order_steps import StepNotSigned
from commands.orders.order import SalesOrder
from commands.orders.shipment import DeliverShipment, DispatchShipment, PickShipment
from commands.orders.steps import SignOrderStep
from commands.organisation.settings import ChangeSettings
from commands.receivables.invoice import IssueInvoice

S1 = {"order": "O1", "shipment": "S1"}
steps = ChangeSettings(
    id="orders.steps", values={"payment": "finance", "shipping": "warehouse"}, reason="four eyes"
)


def test_nothing_goes_on_before_the_step_before_it_is_signed() -> None:
    world = a_world("retailer")
    world.ask(steps, draft, submit)
    world.refuses(SignOrderStep(id="O1", step="payment"), StepNotReached)
    world.ask(approve)
    world.refuses(ship, StepNotSigned)
    world.refuses(DispatchShipment(**S1, carrier="SF"), StepNotSigned)
    world.ask(SignOrderStep(id="O1", step="payment"), ship)
    world.refuses(IssueInvoice(id="I1", **S1), StepNotSigned)
    world.ask(SignOrderStep(id="O1", step="shipping", shipment="S1"), IssueInvoice(id="I1", **S1))
    world.refuses(SignOrderStep(id="O1", step="invoice", shipment="S2"), StepNotReached)


def test_what_was_not_sent_does_not_arrive() -> None:
    world = a_world("retailer")
    world.ask(draft, submit, approve, PickShipment(**S1))
    world.refuses(DeliverShipment(**S1), NotUnderWay)
    assert world.load(SalesOrder, "O1").shipments == {}
    world.ask(DispatchShipment(**S1, carrier="SF"), DeliverShipment(**S1))
    assert world.load(SalesOrder, "O1").shipped == (3, 2)


BUGS: list[tuple[Mutant, Callable[[], None]]] = [
    (
        Mutant(
            "A step goes on unsigned",
            "commands.order_steps:waits_for",
            "return None if role is None or signed in state.signed else role",
            "return None",
        ),
        test_nothing_goes_on_before_the_step_before_it_is_signed,
    ),
    (
        Mutant(
            "A step is signed before it is reached",
            "aggregates.orders.order:SalesOrder.sign",
            "may_be_signed(self, step, shipment)",
            "pass",
        ),
        test_nothing_goes_on_before_the_step_before_it_is_signed,
    ),
    (
        Mutant(
            "What was not sent arrives",
            "aggregates.orders.shipment:Shipment.under_way",
            "if self.dispatched is None:",
            "if False:",
        ),
        test_what_was_not_sent_does_not_arrive,
    ),
    (
        Mutant(
            "An exchange is done each time it is asked",
            "commands.orders.exchange:ExchangeOrder.across",
            "if before is not None:",
            "if False:",
        ),
        test_an_exchange_never_doubles,
    ),
]


@pytest.mark.parametrize(("bug", "story"), BUGS, ids=lambda each: getattr(each, "name", ""))
def test_a_planted_bug_is_noticed(bug: Mutant, story: Callable[[], None]) -> None:
    assert_caught(bug, story, Refused)
