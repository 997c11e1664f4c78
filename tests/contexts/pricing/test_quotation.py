"""Quotations: offered until a day, revised without loss, and ordered once."""

from datetime import date, timedelta
from typing import Any

import pytest
from scenario import NOON, World

from aggregates import ReferenceTaken
from aggregates.opportunities.opportunity import Opportunity
from aggregates.orders.lines import OrderLine
from aggregates.orders.order import LinesQuoted, OrderDrafted, SalesOrder
from aggregates.pricing.quotation import Quotation
from aggregates.pricing.quotation.events import (
    QuotationExpired,
    QuotationOrdered,
    QuotationSent,
    QuotationSentBack,
    QuotationSubmitted,
)
from aggregates.pricing.quotation.refusals import (
    NoSuchRevision,
    QuotationChanged,
    QuotationNotNow,
    QuotationOver,
    QuotationSuperseded,
)
from commands import Command
from commands.approvals.approval import RefuseApproval, SignApproval
from commands.business import LostOpportunity
from commands.catalog.product import AddProduct, RepriceProduct
from commands.customers.customer import RegisterCustomer
from commands.opportunities.opportunity import LoseOpportunity, OpenOpportunity, StillActive
from commands.orders.order import CancelOrder, DraftOrder, Line, RedraftOrder, SubmitOrder
from commands.organisation.rep import HireRep
from commands.organisation.settings import ChangeSettings
from commands.pricing.quotation import (
    AcceptQuotation,
    CancelQuotation,
    DraftQuotation,
    ExpireQuotation,
    OrderQuotation,
    RefuseQuotation,
    ReviseQuotation,
    SendQuotation,
)
from commands.pricing.quotation_approval import QuotationApprovals

LAST = date(2026, 3, 31)
AFTER = NOON + timedelta(days=30)
SEND = SendQuotation(id="Q-1")


def lines(quantity: int, **more: Any) -> tuple[Line, ...]:
    return (Line(item="tea", quantity=quantity, **more),)


def drafting(quantity: int = 10, **more: Any) -> DraftQuotation:
    asked = {"id": "Q-1", "customer": "C-1", "warehouse": "WH-1", "valid_until": LAST, **more}
    return DraftQuotation(lines=lines(quantity), **asked)


def company(*asked: Command) -> World:
    world = World()
    deal = {"title": "Tea for the shop", "amount": 10_000, "currency": "CNY"}
    world.ask(
        HireRep(id="R-1", name="Li", department="sales", region="east"),
        RegisterCustomer(id="C-1", name="Shop", customer_kind="retailer", owner="R-1"),
        AddProduct(
            id="tea", name="Tea", category="drinks", unit="box", list_price=1_000, currency="CNY"
        ),
        OpenOpportunity(id="O-1", customer="C-1", **deal),
        *asked,
    )
    return world


def revising(quantity: int, **more: Any) -> ReviseQuotation:
    return ReviseQuotation(id="Q-1", lines=lines(quantity), **more)


def accepting(revision: int = 1) -> AcceptQuotation:
    return AcceptQuotation(id="Q-1", revision=revision)


def ordering(revision: int = 1, order: str | None = "SO-1") -> OrderQuotation:
    return OrderQuotation(id="Q-1", revision=revision, order=order)


def of(world: World) -> Quotation:
    state: Quotation = world.load(Quotation, "Q-1")
    return state


def test_an_accepted_quotation_becomes_an_order_with_nothing_typed_again() -> None:
    world = company(drafting(opportunity="O-1"), SEND, accepting())
    world.ask(RepriceProduct(id="tea", list_price=2_000))
    quoted, drafted, _ = world.ask(ordering())
    assert quoted == QuotationOrdered(1, "SO-1")
    assert isinstance(drafted, OrderDrafted)
    assert [vars(line) for line in drafted.lines] == [vars(one) for one in of(world).current.lines]
    assert (drafted.customer, drafted.warehouse, drafted.rep) == ("C-1", "WH-1", "R-1")
    assert (drafted.opportunity, drafted.quotation, drafted.quotation_revision) == ("O-1", "Q-1", 1)
    assert drafted.lines[0].amount == 10_000


def test_a_quotation_is_ordered_once_however_often_it_is_asked() -> None:
    world = company(drafting(), SEND, accepting(), ordering(order=None))
    order = of(world).order
    assert world.ask(ordering(order=None)) == ()
    assert world.ask(ordering(order=order)) == ()
    world.refuses(ordering(order="SO-2"), ReferenceTaken)


def test_a_quotation_takes_no_order_that_is_there_already() -> None:
    world = company(drafting(), SEND, accepting())
    world.ask(DraftOrder(id="SO-1", customer="C-1", warehouse="WH-1", lines=lines(1)))
    world.refuses(ordering(), ReferenceTaken)


def test_a_superseded_quotation_cannot_become_an_order() -> None:
    world = company(drafting(), SEND, accepting(), revising(20))
    said = world.refuses(ordering(1), QuotationSuperseded)
    assert "superseded by revision 2" in said
    world.refuses(ordering(2), QuotationNotNow)
    world.refuses(accepting(1), QuotationSuperseded)
    world.ask(SEND, accepting(2), ordering(2))
    order: SalesOrder = world.load(SalesOrder, "SO-1")
    assert order.lines[0].quantity == 20


def test_an_expired_quotation_cannot_become_an_order() -> None:
    world = company(drafting(), SEND)
    assert world.ask(ExpireQuotation(id="Q-1")) == ()
    assert world.ask(ExpireQuotation(id="Q-1"), at=AFTER) == (QuotationExpired(1, LAST),)
    world.refuses(accepting(), QuotationNotNow, at=AFTER)
    world.refuses(ordering(), QuotationNotNow, at=AFTER)


def test_after_its_last_day_nothing_is_accepted_even_before_it_was_marked_expired() -> None:
    world = company(drafting(), SEND)
    said = world.refuses(accepting(), QuotationOver, at=AFTER)
    assert "2026-03-31" in said
    assert "2026-04-01" in said


def test_each_revision_that_was_sent_stays_readable() -> None:
    world = company(drafting(), SEND, revising(20), revising(30), SEND)
    state = of(world)
    assert state.revision == 2  # a draft that is changed is no revision more
    assert [one.lines[0].quantity for one in state.revisions.values()] == [10, 30]
    world.refuses(accepting(3), NoSuchRevision)


def test_a_buyer_may_go_back_to_an_earlier_revision_at_its_prices() -> None:
    world = company(drafting(), SEND, revising(20), SEND)
    world.ask(RepriceProduct(id="tea", list_price=2_000))
    world.ask(ReviseQuotation(id="Q-1", from_revision=1), SEND, accepting(3), ordering(3))
    order: SalesOrder = world.load(SalesOrder, "SO-1")
    assert (order.lines[0].quantity, order.lines[0].amount) == (10, 10_000)


def test_lines_that_are_given_anew_are_priced_as_of_now() -> None:
    world = company(drafting(), SEND, RepriceProduct(id="tea", list_price=2_000), revising(11))
    assert of(world).current.lines[0].unit_price == 2_000


def test_the_price_of_an_order_is_that_of_the_revision_that_was_accepted() -> None:
    world = company(drafting(), SEND, accepting(), ordering())
    world.ask(RepriceProduct(id="tea", list_price=2_000))
    assert world.ask(RedraftOrder(id="SO-1", lines=lines(10))) == ()
    said = world.refuses(RedraftOrder(id="SO-1", lines=lines(11)), LinesQuoted)
    assert "10" in said
    assert "11" in said
    world.ask(SubmitOrder(id="SO-1"))
    line: OrderLine = world.load(SalesOrder, "SO-1").lines[0]
    assert (line.unit_price, line.amount) == (1_000, 10_000)


def test_an_opportunity_is_never_lost_while_a_quotation_or_an_order_goes_on() -> None:
    lose = LoseOpportunity(id="O-1", reason="price")
    world = company(drafting(opportunity="O-1"))
    assert "quotation-Q-1" in world.refuses(lose, StillActive)
    world.ask(SEND, accepting(), ordering())
    assert "order-SO-1" in world.refuses(lose, StillActive)
    world.ask(CancelOrder(id="SO-1", reason="x"), lose)
    assert world.load(Opportunity, "O-1").lost is not None


def test_nothing_is_offered_or_ordered_for_an_opportunity_that_was_lost() -> None:
    world = company(LoseOpportunity(id="O-1", reason="price"))
    world.refuses(drafting(opportunity="O-1"), LostOpportunity)
    order = {"customer": "C-1", "warehouse": "WH-1", "opportunity": "O-1"}
    world.refuses(DraftOrder(id="SO-1", lines=lines(1), **order), LostOpportunity)


def test_what_is_over_is_offered_no_more() -> None:
    refused = RefuseQuotation(id="Q-1", revision=1, reason="too dear")
    world = company(drafting(), SEND, refused)
    world.refuses(accepting(), QuotationNotNow)
    world.ask(revising(5), CancelQuotation(id="Q-1", reason="closed"))
    world.refuses(revising(6), QuotationNotNow)
    world.refuses(SEND, QuotationNotNow)


def test_nothing_is_offered_until_a_day_that_has_passed() -> None:
    company().refuses(drafting(valid_until=date(2026, 3, 1)), QuotationOver)
    world = company(drafting())
    world.refuses(SEND, QuotationOver, at=AFTER)
    world.refuses(revising(11), QuotationOver, at=AFTER)


def test_what_is_sent_is_what_was_read() -> None:
    world = company(drafting())
    read = of(world).current.content
    world.ask(revising(11))
    world.refuses(SendQuotation(id="Q-1", content=read), QuotationChanged)


ROUTE = {
    "name": "large",
    "document": QuotationApprovals.aggregate.kind,
    "where": "amount.gte=10000",
    "steps": [{"signers": [{"account": "mei"}]}],
}
SIGNED_FIRST = ChangeSettings(id="approvals.routes", values={"routes": [ROUTE]}, reason="x")


def test_a_quotation_that_has_to_be_signed_is_sent_after_the_signature() -> None:
    world = company(SIGNED_FIRST, drafting())
    assert isinstance(world.ask(SEND)[0], QuotationSubmitted)
    world.acting("mei").ask(SignApproval(id="quotation:Q-1:1", step=1))
    assert isinstance(world.ask(SEND)[0], QuotationSent)


def test_what_a_signer_refuses_is_a_draft_again_and_what_changes_is_signed_anew() -> None:
    world = company(SIGNED_FIRST, drafting(), SEND)
    events = world.acting("mei").ask(
        RefuseApproval(id="quotation:Q-1:1", step=1, reason="too cheap")
    )
    assert QuotationSentBack(1, "too cheap") in events
    world.acting("tester").ask(SEND, revising(12))
    assert of(world).status == "draft"
    world.ask(SEND)
    assert of(world).needs == "quotation:Q-1:3"


@pytest.mark.parametrize("quantity", [1, 3])
def test_a_draft_quotation_asked_again_is_no_news_and_another_is_refused(quantity: int) -> None:
    world = company(drafting(1))
    if quantity == 1:
        assert world.ask(drafting(quantity)) == ()
    else:
        world.refuses(drafting(quantity), ReferenceTaken)
