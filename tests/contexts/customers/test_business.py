"""New business is for who is at work, and with customers that are known and not frozen."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from scenario import NOON, World

import services.bootstrap  # noqa: F401 - every command is known by then
from aggregates import Refused, Unknown
from aggregates.catalog.product import ProductAdded
from aggregates.customers.customer import (
    CustomerFrozen,
    CustomerRegistered,
    FrozenCustomer,
    MergedAway,
)
from aggregates.inventory.stock import StockReceived
from aggregates.opportunities.opportunity import Opportunity
from aggregates.orders.order import OrderDrafted, SalesOrder
from aggregates.organisation.rep import RepGone, RepHired, RepLeft
from aggregates.pricing.contract.events import ContractDrafted
from aggregates.pricing.price_list import PriceList
from commands import Command
from commands.channel.agreement import DraftAgreement, SignAgreement
from commands.customers.customer import ReassignCustomer, RegisterCustomer
from commands.customers.merge import MergeCustomer
from commands.customers.portfolio import HandOverCustomers
from commands.fieldwork.appointment import PlanAppointment, ReassignAppointment
from commands.fieldwork.task import CreateTask, ReassignTask
from commands.inventory.stock import ReceiveTransfer
from commands.leads.conversion import ConvertLead
from commands.leads.lead import AssignLead, CaptureLead, QualifyLead
from commands.opportunities.opportunity import OpenOpportunity, ReassignOpportunity, WinOpportunity
from commands.orders.exchange import ExchangeOrder
from commands.orders.order import (
    ApproveOrder,
    DraftOrder,
    Line,
    LinePart,
    RedraftOrder,
    ShipOrder,
    SubmitOrder,
)
from commands.plain import verbs
from commands.pricing.contract import (
    DraftContract,
    MakeContract,
    OrderContract,
    ReviseContract,
    SignContract,
    SubmitContract,
)
from commands.pricing.quotation import (
    AcceptQuotation,
    DraftQuotation,
    OrderQuotation,
    ReviseQuotation,
    SendQuotation,
)

HOUR = timedelta(hours=1)
LINES = (Line(item="I1", quantity=1),)
WHO = "li", "east", "shanghai"
deal = OpenOpportunity(id="P2", customer="C1", title="Tea", amount=1, currency="CNY")
order = DraftOrder(id="O2", customer="C1", warehouse="W1", lines=LINES)
register = RegisterCustomer(id="C9", name="New", customer_kind="dealer", owner="li")

quote = DraftQuotation(
    id="Q1",
    customer="C1",
    warehouse="W1",
    valid_until=date(2026, 4, 1),
    lines=LINES,
)
draft = DraftContract(
    id="K1", customer="C1", warehouse="W1", valid_until=date(2026, 4, 1), lines=LINES
)
agree = DraftAgreement(
    dealer="C1", agreement="1", valid_from=date(2026, 3, 1), valid_until=date(2026, 12, 31)
)
lead = CaptureLead(id="L1", title="Tea", source="call", company="Lone")
found = lead.model_copy(update={"id": "L2", "owner": "li"})
GIVEN_TO_A_REP: list[tuple[Command, str]] = [
    (register, "owner"),
    (ReassignCustomer(id="C1", owner="li", reason="x"), "owner"),
    (HandOverCustomers(id="li", owner="wu", customers=("C1",), reason="x"), "owner"),
    (deal, "rep"),
    (ReassignOpportunity(id="P1", rep="li"), "rep"),
    (order, "rep"),
    (quote, "rep"),
    (draft, "rep"),
    (found, "owner"),
    (AssignLead(id="L1", owner="li"), "owner"),
]
"""Each with the field that says to whom."""
NEW_WITH_A_CUSTOMER: list[Command] = [deal, order, quote, draft]
GOES_ON: list[tuple[list[Command], Command]] = [
    ([], WinOpportunity(id="P1", order="O1")),
    ([], RedraftOrder(id="O1", lines=(Line(item="I1", quantity=2),))),
    ([], SubmitOrder(id="O1")),
    ([SubmitOrder(id="O1")], ApproveOrder(id="O1")),
    ([SubmitOrder(id="O1"), ApproveOrder(id="O1")], ShipOrder(id="O1", shipment="S1")),
    (
        [
            SubmitOrder(id="O1"),
            ApproveOrder(id="O1"),
            ShipOrder(id="O1", shipment="S1"),
            ReceiveTransfer(location="C1", item="I1", transfer="S1", quantity=1),
        ],
        ExchangeOrder(
            id="O1",
            exchange="E1",
            lines=(LinePart(line=1, quantity=1),),
            replacement=LINES,
            reason="damaged",
        ),
    ),
    ([quote], ReviseQuotation(id="Q1", lines=(Line(item="I1", quantity=2),))),
    ([quote], SendQuotation(id="Q1")),
    (
        [quote, SendQuotation(id="Q1"), AcceptQuotation(id="Q1", revision=1)],
        OrderQuotation(id="Q1", revision=1, order="O2"),
    ),
    (
        [quote, SendQuotation(id="Q1"), AcceptQuotation(id="Q1", revision=1)],
        MakeContract(id="Q1", revision=1, contract="K2", valid_until=date(2026, 4, 1)),
    ),
    ([draft], ReviseContract(id="K1", lines=(Line(item="I1", quantity=2),))),
    ([draft], SubmitContract(id="K1")),
    ([draft, SubmitContract(id="K1")], SignContract(id="K1")),
    ([draft, SubmitContract(id="K1"), SignContract(id="K1")], OrderContract(id="K1", order="O2")),
    ([agree], SignAgreement(dealer="C1", agreement="1", signed_by="Zhao")),
    (
        [found, QualifyLead(id="L2")],
        ConvertLead(id="L2", customer="C1", amount=1, currency="CNY"),
    ),
]
"""Business that was begun: what was asked before, and the next step."""
Made = OrderDrafted | ContractDrafted
SOON = NOON + timedelta(days=1)
task = CreateTask(id="T1", title="Call", owner="li", due=SOON)
visit = PlanAppointment(
    id="V1", title="Tea", appointment_kind="visit", owner="li", starts_at=SOON, ends_at=SOON + HOUR
)
TO_BE_DONE: list[Command] = [
    task.model_copy(update={"id": "T2"}),
    ReassignTask(id="T1", owner="li", reason="x"),
    visit.model_copy(update={"id": "V2"}),
    ReassignAppointment(id="V1", owner="li", reason="x"),
]
"""Work that is given to somebody, whatever the customer's standing: bills are collected, too."""
NO_NEW_BUSINESS = {
    "make-handover",
    "merge-customer",
    "move-contact",
    "change-task-details",
    "change-appointment-details",
    "advance-opportunity",
    "change-opportunity-details",
    "revalue-opportunity",
    "reschedule-opportunity",
    "lose-opportunity",
    "reject-order",
    "cancel-order",
    "defer-order",
    "return-order",
    "undo-return",
    "undo-loss",
    "reopen-opportunity",
    "undo-step-signature",
    "credit-loss",
    "receive-payment",
    "share-customer",  # it opens what is there to others
    "unshare-customer",
    "claim-customer",  # see test_public_pool
    "register-price-list",  # what things cost is said whoever buys them
    "change-price-list",
    "register-discount-rule",
    "change-discount-rule",
    "record-interaction",
    "change-interaction",
    "change-lead-details",
    "set-target",
    "write-review",
    "complete-stage-task",
    "reopen-stage-task",
    "sign-order-step",
    "post-movement",
}
"""They correct or end what was begun, so a frozen customer does not stop them."""


def a_world() -> World:
    """An owner at work, one who left and one nobody ever hired; a deal and an order of C1."""
    reps = {name: RepHired(name, "east", "shanghai", None) for name in ("li", "xu")}
    world = World({f"rep-{name}": (hired,) for name, hired in reps.items()})
    world.streams["rep-xu"] += (RepLeft("retired"),)
    for customer, owner in (("C1", "li"), ("C2", "xu"), ("C3", "nobody")):
        place = owner, *WHO[1:], None, None, None
        world.streams[f"customer-{customer}"] = (CustomerRegistered("Shop", "dealer", *place),)
    world.streams["product-I1"] = (ProductAdded("Tea", "x", "box", None, 100, None, "CNY"),)
    world.streams["stock-W1:I1"] = (StockReceived("warehouse", 9, "opening", "X", NOON),)
    world.ask(deal.model_copy(update={"id": "P1"}), order.model_copy(update={"id": "O1"}), lead)
    return world


@pytest.mark.parametrize("who", ["xu", "nobody"])
@pytest.mark.parametrize("command", TO_BE_DONE, ids=lambda command: command.slug())
def test_no_work_is_given_to_who_is_not_here(command: Command, who: str) -> None:
    world = a_world()
    world.ask(task, visit)
    said = world.refuses(command.model_copy(update={"owner": who}), Unknown)
    assert f"Nobody works here under {who}." in said


def slugs(commands: list[Any]) -> list[str]:
    return [command.slug() for command in commands]


@pytest.mark.parametrize("place", [{}, {"department": "east", "region": "shanghai"}])
@pytest.mark.parametrize(("rep", "why"), [("xu", RepGone), ("nobody", Unknown)])
@pytest.mark.parametrize(
    ("command", "field"), GIVEN_TO_A_REP, ids=slugs([command for command, _ in GIVEN_TO_A_REP])
)
def test_nothing_new_is_given_to_who_left_or_was_never_hired(
    command: Command, field: str, rep: str, why: type[Refused], place: dict[str, str]
) -> None:
    told = {name: value for name, value in place.items() if name in type(command).model_fields}
    said = a_world().refuses(command.model_copy(update={field: rep, **told}), why)
    assert rep in said


@pytest.mark.parametrize(("customer", "why"), [("C2", RepGone), ("C3", Unknown)])
@pytest.mark.parametrize("command", NEW_WITH_A_CUSTOMER, ids=slugs(NEW_WITH_A_CUSTOMER))
def test_an_owner_who_left_is_no_default_for_new_business(
    command: Command, customer: str, why: type[Refused]
) -> None:
    said = a_world().refuses(command.model_copy(update={"customer": customer}), why)
    assert re.search(r"belongs to (xu|nobody).*Hand the customer over first\.", said)


@pytest.mark.parametrize("command", NEW_WITH_A_CUSTOMER, ids=slugs(NEW_WITH_A_CUSTOMER))
def test_no_business_is_begun_with_a_customer_that_is_frozen_or_unknown(command: Command) -> None:
    world = a_world()
    frozen(world)
    world.refuses(command, FrozenCustomer)
    world.refuses(command.model_copy(update={"customer": "C9"}), Unknown)


@pytest.mark.parametrize(
    ("before", "command"), GOES_ON, ids=slugs([command for _, command in GOES_ON])
)
def test_no_business_goes_on_with_a_customer_that_is_frozen(
    before: list[Command], command: Command
) -> None:
    world = a_world()
    world.ask(*before)
    frozen(world)
    world.refuses(command, FrozenCustomer)


@pytest.mark.parametrize(
    ("before", "command"), GOES_ON, ids=slugs([command for _, command in GOES_ON])
)
def test_what_was_done_before_the_freeze_is_still_known_as_a_repeat(
    before: list[Command], command: Command
) -> None:
    world = a_world()
    world.ask(*before, command)
    frozen(world)
    assert world.ask(command) == ()


accepted = [quote, SendQuotation(id="Q1"), AcceptQuotation(id="Q1", revision=1)]
signed = [draft, SubmitContract(id="K1"), SignContract(id="K1")]


@pytest.mark.parametrize(
    ("before", "command"),
    [
        (accepted, OrderQuotation(id="Q1", revision=1, order="O2")),
        (accepted, MakeContract(id="Q1", revision=1, contract="K2", valid_until=date(2026, 4, 1))),
        (signed, OrderContract(id="K1", order="O2")),
    ],
    ids=lambda it: it.slug() if isinstance(it, Command) else "",
)
def test_what_goes_on_after_somebody_left_counts_for_who_has_the_customer(
    before: list[Command], command: Command
) -> None:
    world = a_world()
    world.ask(*before)
    world.streams["rep-li"] += (RepLeft("retired"),)
    world.streams["rep-wu"] = (RepHired("wu", "west", "chengdu", None),)
    world.states.clear()
    assert "Hand the customer over first" in world.refuses(command, RepGone)
    world.ask(ReassignCustomer(id="C1", owner="wu", reason="left", opportunities=False))
    (made,) = (event for event in world.ask(command) if isinstance(event, Made))
    assert (made.rep, made.department, made.region) == ("wu", "west", "chengdu")


def test_goods_of_a_customer_that_was_merged_away_are_exchanged_like_any() -> None:
    world = a_world()
    before, exchange = next(one for one in GOES_ON if isinstance(one[1], ExchangeOrder))
    other = register.model_copy(update={"id": "C8"})
    merge = MergeCustomer(id="C1", customer="C8", reason="one shop")
    world.ask(*before, other, merge, exchange)
    assert world.load(SalesOrder, "O1-E1").known().customer == "C1"
    again = agree.model_copy(update={"agreement": "2"})
    assert "merged into C8" in world.refuses(again, MergedAway)
    prices = verbs(PriceList).register(
        id="P", name="Theirs", currency="CNY", priority=1, customer="C1"
    )
    world.refuses(prices, MergedAway)


def frozen(world: World) -> None:
    world.streams["customer-C1"] += (CustomerFrozen("disputed bill"),)
    world.states.clear()


def test_every_command_that_takes_on_business_is_tried_here() -> None:
    """One that is new stands in one of the tables above."""
    tried = {
        *slugs([command for command, _ in GIVEN_TO_A_REP]),
        *slugs(NEW_WITH_A_CUSTOMER),
        *slugs(TO_BE_DONE),
        *slugs([command for _, command in GOES_ON]),
        *NO_NEW_BUSINESS,
    }
    fields = {"owner", "rep", "customer"}
    assert tried >= {
        slug
        for slug, kind in Command.known.items()
        if fields & kind.model_fields.keys() or kind.aggregate in (Opportunity, SalesOrder)
    }
