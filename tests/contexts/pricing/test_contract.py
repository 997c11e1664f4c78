"""Contracts: taken over from a quotation, signed, and never overdrawn by the orders on them."""

from collections import Counter
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from contexts.pricing.test_quotation import SEND, accepting, company, drafting, ordering
from hypothesis import given, settings
from hypothesis import strategies as st
from scenario import NOON, World

from aggregates import ReferenceTaken, Refused
from aggregates.orders.order import LinesContracted, SalesOrder
from aggregates.pricing.contract import Contract
from aggregates.pricing.contract.events import ContractEnded, ContractOrdered, ContractSentBack
from aggregates.pricing.contract.refusals import (
    BeyondContract,
    ContractNotNow,
    ContractNotValid,
    NoSuchLine,
    NothingDrawn,
)
from aggregates.pricing.quotation import Quotation
from aggregates.pricing.quotation.refusals import QuotationNotNow, QuotationSuperseded
from commands import Command
from commands.approvals.approval import RefuseApproval, SignApproval
from commands.approvals.asking import NotApproved
from commands.catalog.product import RepriceProduct
from commands.inventory.stock import ReceiveStock
from commands.opportunities.opportunity import LoseOpportunity, StillActive
from commands.orders.order import (
    ApproveOrder,
    CancelOrder,
    Line,
    LinePart,
    RedraftOrder,
    ShipOrder,
    SubmitOrder,
)
from commands.organisation.settings import ChangeSettings
from commands.pricing.contract import (
    CancelContract,
    DraftContract,
    EndContract,
    MakeContract,
    OrderContract,
    ReviseContract,
    SignContract,
    SubmitContract,
    TerminateContract,
)
from commands.pricing.contract_approval import ContractApprovals
from commands.pricing.quotation import ReviseQuotation

UNTIL = date(2026, 12, 31)
AFTER = NOON + timedelta(days=365)
MAKE = MakeContract(id="Q-1", revision=1, contract="CT-1", valid_until=UNTIL)
SUBMIT, SIGN = SubmitContract(id="CT-1"), SignContract(id="CT-1")


def lines(*quantities: int) -> tuple[Line, ...]:
    return tuple(Line(item="tea", quantity=one) for one in quantities)


def parts(**quantities: int) -> tuple[LinePart, ...]:
    return tuple(LinePart(line=int(line[1:]), quantity=one) for line, one in quantities.items())


def draft(*quantities: int, **more: Any) -> DraftContract:
    what = {"customer": "C-1", "warehouse": "WH-1", "valid_until": UNTIL, **more}
    return DraftContract(id="CT-1", lines=lines(*quantities), **what)


def draw(order: str, **quantities: int) -> OrderContract:
    return OrderContract(id="CT-1", order=order, lines=parts(**quantities) or None)


def signed(*quantities: int, **more: Any) -> World:
    return company(draft(*(quantities or (10,)), **more), SUBMIT, SIGN)


def of(world: World) -> Contract:
    state: Contract = world.load(Contract, "CT-1")
    return state


def order(world: World, id: str) -> SalesOrder:
    state: SalesOrder = world.load(SalesOrder, id)
    return state


def test_a_quotation_becomes_a_contract_and_that_an_order_with_nothing_typed_again() -> None:
    world = company(drafting(opportunity="O-1", note="By truck"), SEND, accepting())
    quoted = world.load(Quotation, "Q-1").current.lines
    world.ask(RepriceProduct(id="tea", list_price=2_000), MAKE)
    told = of(world).known()
    assert [vars(one) for one in told.lines] == [vars(one) for one in quoted]
    assert (told.customer, told.warehouse, told.rep) == ("C-1", "WH-1", "R-1")
    assert (told.opportunity, told.quotation, told.note) == ("O-1", "Q-1", "By truck")
    world.ask(SUBMIT, SIGN, draw("SO-1", l1=4), draw("SO-2"))
    assert [order(world, one).lines[0].amount for one in ("SO-1", "SO-2")] == [4_000, 6_000]
    drafted = order(world, "SO-1").known()
    assert (drafted.customer, drafted.opportunity, drafted.contract) == ("C-1", "O-1", "CT-1")


def test_a_superseded_quotation_cannot_become_a_contract_and_one_becomes_it_once() -> None:
    world = company(drafting(), SEND, accepting())
    other = world.copy()
    other.ask(ReviseQuotation(id="Q-1", lines=lines(20)))
    other.refuses(MAKE, QuotationSuperseded)
    world.ask(MAKE)
    assert world.ask(MAKE) == ()
    world.refuses(MAKE.model_copy(update={"contract": "CT-2"}), ReferenceTaken)
    world.refuses(ordering(), QuotationNotNow)
    world.ask(CancelContract(id="CT-1", reason="wrong days"))
    world.ask(MAKE.model_copy(update={"contract": "CT-2"}))
    assert world.load(Contract, "CT-2").status == "draft"


def test_no_more_is_ordered_than_a_contract_says() -> None:
    world = signed(10, 5)
    world.ask(draw("SO-1", l1=7))
    assert "3 are left, not 4" in world.refuses(draw("SO-2", l1=4), BeyondContract)
    world.ask(draw("SO-2", l1=3, l2=5))
    world.refuses(draw("SO-3"), NothingDrawn)
    world.refuses(draw("SO-3", l3=1), NoSuchLine)


def test_what_is_cancelled_of_an_order_can_be_ordered_again() -> None:
    world = signed(10)
    world.ask(
        ReceiveStock(location="WH-1", item="tea", quantity=4, reference="R"),
        draw("SO-1"),
        SubmitOrder(id="SO-1"),
        ApproveOrder(id="SO-1", partial=True),
    )
    assert of(world).ordered == {1: 10}  # divided, and all of it still wanted
    world.ask(ShipOrder(id="SO-1", shipment="S-1", lines=parts(l1=3)))
    world.ask(CancelOrder(id="SO-1", reason="enough"))
    assert of(world).left == {1: 1}
    world.ask(CancelOrder(id="SO-1-rest", reason="enough"))
    assert of(world).left == {1: 7}
    world.ask(draw("SO-2", l1=7))


def test_a_contract_counts_from_its_first_day_to_its_last() -> None:
    world = signed(10, valid_from=date(2026, 3, 10))
    world.refuses(draw("SO-1"), ContractNotValid)
    assert world.ask(EndContract(id="CT-1")) == ()
    world.refuses(draw("SO-1"), ContractNotValid, at=AFTER)
    assert world.ask(EndContract(id="CT-1"), at=AFTER) == (ContractEnded(UNTIL),)
    world.refuses(draw("SO-1"), ContractNotNow, at=AFTER)
    company().refuses(draft(1, valid_until=date(2026, 3, 1)), ContractNotValid)


def test_a_contract_is_changed_until_it_is_signed_and_no_longer() -> None:
    world = company(draft(10))
    world.refuses(draw("SO-1"), ContractNotNow)
    world.refuses(SIGN, ContractNotNow)
    world.ask(SUBMIT, ReviseContract(id="CT-1", lines=lines(12)))
    assert (of(world).status, of(world).revision) == ("draft", 2)
    world.ask(SUBMIT, SIGN)
    world.refuses(ReviseContract(id="CT-1", lines=lines(13)), ContractNotNow)
    world.refuses(CancelContract(id="CT-1", reason="x"), ContractNotNow)
    world.ask(draw("SO-1", l1=5), TerminateContract(id="CT-1", reason="unpaid"))
    world.refuses(draw("SO-2"), ContractNotNow)
    world.ask(SubmitOrder(id="SO-1"))


def test_the_lines_of_an_order_on_a_contract_are_those_of_it() -> None:
    world = signed(10)
    world.ask(draw("SO-1", l1=4))
    assert isinstance(world.load.event(Contract, "CT-1", "ordered:SO-1"), ContractOrdered)
    assert world.ask(draw("SO-1", l1=4)) == ()
    world.refuses(draw("SO-1", l1=5), ReferenceTaken)
    world.refuses(RedraftOrder(id="SO-1", lines=lines(5)), LinesContracted)


def test_a_deal_is_not_lost_while_its_contract_goes_on() -> None:
    world = company(drafting(opportunity="O-1"), SEND, accepting(), MAKE)
    said = world.refuses(LoseOpportunity(id="O-1", reason="price"), StillActive)
    assert "contract-CT-1" in said


def test_nor_while_a_contract_goes_on_that_was_drafted_without_a_quotation() -> None:
    world = company(draft(10).model_copy(update={"opportunity": "O-1"}))
    lose = LoseOpportunity(id="O-1", reason="price")
    assert "contract-CT-1" in world.refuses(lose, StillActive)
    world.ask(CancelContract(id="CT-1", reason="too dear"), lose)


STEPS = [{"signers": [{"account": one}]} for one in ("finance", "logistics")]
ROUTE = {
    "name": "review",
    "document": ContractApprovals.aggregate.kind,
    "where": "amount.gte=1",
    "steps": STEPS,
}
REVIEWED = ChangeSettings(id="approvals.routes", values={"routes": [ROUTE]}, reason="x")


def test_a_contract_is_signed_after_each_department_has_reviewed_it() -> None:
    world = company(REVIEWED, draft(10), SUBMIT)
    world.refuses(SIGN, NotApproved)
    world.acting("finance").ask(SignApproval(id="contract:CT-1:1", step=1))
    world.refuses(SIGN, NotApproved)
    other = world.copy()
    refused = other.acting("logistics").ask(
        RefuseApproval(id="contract:CT-1:1", step=2, reason="too far")
    )
    assert ContractSentBack(1, "too far") in refused
    world.acting("logistics").ask(SignApproval(id="contract:CT-1:1", step=2))
    world.ask(SIGN)
    assert of(world).status == "signed"


ACTS = st.one_of(
    st.tuples(st.just("draw"), st.integers(1, 6), st.integers(0, 6)),
    st.tuples(st.just("approve"), st.integers(0, 5), st.just(0)),
    st.tuples(st.just("ship"), st.integers(0, 5), st.integers(1, 4)),
    st.tuples(st.just("cancel"), st.integers(0, 5), st.just(0)),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(ACTS, max_size=12))
def test_a_contract_is_never_overdrawn_and_what_was_cancelled_is_free_again(
    acts: list[tuple[str, int, int]],
) -> None:
    world = signed(10, 7)
    world.ask(ReceiveStock(location="WH-1", item="tea", quantity=9, reference="R"))
    for number, (act, one, other) in enumerate(acts):
        names = [n.removeprefix("order-") for n in world.streams if n.startswith("order-")]
        name = names[one % len(names)] if names else "none"
        match act:
            case "draw":
                some = {"l1": one, "l2": other} if other else {"l1": one}
                asked: list[Command] = [draw(f"N{number}", **some)]
            case "approve":
                asked = [SubmitOrder(id=name), ApproveOrder(id=name, partial=True)]
            case "ship":
                asked = [ShipOrder(id=name, shipment=f"S{number}", lines=parts(l1=other))]
            case _:
                asked = [CancelOrder(id=name, reason="x")]
        with suppress(Refused):
            world.ask(*asked)
    wanted = Counter[int]()
    for name, drawn in of(world).drawn.items():
        for line, most in zip(drawn, order(world, name).wanted, strict=True):
            wanted[line.line] += most
    agreed = {line.line: line.quantity for line in of(world).agreed.lines}
    assert all(wanted[line] <= most for line, most in agreed.items())
    assert of(world).left == {line: most - wanted[line] for line, most in agreed.items()}


@pytest.mark.parametrize("quantity", [10, 11])
def test_a_contract_drafted_again_is_no_news_and_another_is_refused(quantity: int) -> None:
    world = company(draft(10))
    if quantity == 10:
        assert world.ask(draft(quantity)) == ()
    else:
        world.refuses(draft(quantity), ReferenceTaken)
