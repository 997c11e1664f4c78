"""Claims: never more than was delivered, and settled once by what orders know already."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenario import World

from aggregates import Refused
from aggregates.orders.claim import Claim, ClaimSettled
from aggregates.orders.order import BeyondDelivered, SalesOrder
from commands.catalog.product import AddProduct
from commands.customers.customer import RegisterCustomer
from commands.inventory.stock import ReceiveStock
from commands.orders.claim import AcceptClaim, CameBackSince, FileClaim, RejectClaim
from commands.orders.order import (
    ApproveOrder,
    DraftOrder,
    Line,
    LinePart,
    ReturnOrder,
    ShipOrder,
    SubmitOrder,
)
from commands.orders.undone_return import UndoLoss, UndoReturn
from commands.organisation.rep import HireRep


def delivered(quantity: int = 6) -> World:
    world = World()
    tea = {"name": "Tea", "category": "x", "unit": "box", "list_price": 100, "currency": "CNY"}
    world.ask(
        HireRep(id="R-1", name="Li", department="sales", region="east"),
        RegisterCustomer(id="C-1", name="Shop", customer_kind="retailer", owner="R-1"),
        AddProduct(id="tea", **tea),
        ReceiveStock(location="WH", item="tea", quantity=20, reference="R"),
        DraftOrder(
            id="SO", customer="C-1", warehouse="WH", lines=(Line(item="tea", quantity=quantity),)
        ),
        SubmitOrder(id="SO"),
        ApproveOrder(id="SO"),
        ShipOrder(id="SO", shipment="S"),
    )
    return world


def file(id: str, quantity: int, **more: Any) -> FileClaim:
    what = {"order": "SO", "shipment": "S", "line": 1, "fault": "damaged", "reason": "wet", **more}
    return FileClaim(id=id, quantity=quantity, **what)


def order(world: World, id: str = "SO") -> SalesOrder:
    state: SalesOrder = world.load(SalesOrder, id)
    return state


def test_no_more_is_claimed_than_was_delivered_and_neither_came_back_nor_was_claimed() -> None:
    world = delivered(6)
    back = (LinePart(line=1, quantity=1),)
    world.ask(file("A", 3), ReturnOrder(id="SO", return_id="X", lines=back, reason="x"))
    assert "2 may be claimed, not 3" in world.refuses(file("B", 3), BeyondDelivered)
    world.refuses(file("B", 1, line=2), BeyondDelivered)
    world.ask(RejectClaim(id="A", reason="dry"), file("B", 5))
    world.refuses(AcceptClaim(id="A", remedy="credit"), ClaimSettled)


def test_what_came_back_since_it_was_claimed_is_not_given_for_once_more() -> None:
    world = delivered(6)
    back = (LinePart(line=1, quantity=4),)
    world.ask(file("A", 3), ReturnOrder(id="SO", return_id="X", lines=back, reason="x"))
    said = world.refuses(AcceptClaim(id="A", remedy="credit"), CameBackSince)
    assert "2 of the line" in said
    assert "Reject the claim" in said


@pytest.mark.parametrize("remedy", ["credit", "return", "replacement"])
def test_what_is_accepted_is_given_once_on_the_order(remedy: Any) -> None:
    world = delivered(6)
    accept = AcceptClaim(id="A", remedy=remedy)
    world.ask(file("A", 2), accept)
    assert world.ask(accept) == ()
    assert order(world).returned == (2,)
    claim: Claim = world.load(Claim, "A")
    assert not claim.open
    if remedy == "replacement":
        assert order(world, claim.accepted.replacement).shipped == (2,)  # type: ignore[union-attr, arg-type]
    world.refuses(file("B", 5), BeyondDelivered)


@pytest.mark.parametrize("remedy", ["credit", "return", "replacement"])
def test_what_was_given_for_a_claim_is_taken_back_and_the_claim_waits_anew(remedy: Any) -> None:
    world = delivered(6)
    undo: Any = UndoReturn(id="SO", return_id="A", reason="another customer's")
    if remedy == "credit":
        undo = UndoLoss(id="SO", loss="A", reason="another customer's")
    world.ask(file("A", 4), AcceptClaim(id="A", remedy=remedy))
    if remedy == "replacement":
        back = (LinePart(line=1, quantity=4),)
        world.ask(ReturnOrder(id="SO-A", return_id="B", lines=back, reason="x"))
    world.ask(undo)
    assert (world.load(Claim, "A").open, order(world).returned) == (True, (0,))
    world.refuses(file("B", 3), BeyondDelivered)
    world.ask(AcceptClaim(id="A", remedy="return"))
    assert [*order(world).returns] == ["A-2"]
    world.ask(UndoReturn(id="SO", return_id="A-2", reason="dry"), RejectClaim(id="A", reason="dry"))
    assert not world.load(Claim, "A").open
    assert order(world).claims == {}


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("fcra"), st.integers(1, 4)), max_size=8))
def test_open_claims_and_what_came_back_are_never_more_than_was_delivered(
    acts: list[tuple[str, int]],
) -> None:
    world = delivered(6)
    for number, (act, quantity) in enumerate(acts):
        open_ones = [*order(world).claims]
        name = open_ones[0] if open_ones else "none"
        back = (LinePart(line=1, quantity=quantity),)
        asked: Any = {
            "f": file(f"F{number}", quantity),
            "c": AcceptClaim(id=name, remedy="credit"),
            "r": RejectClaim(id=name, reason="x"),
            "a": ReturnOrder(id="SO", return_id=f"B{number}", lines=back, reason="x"),
        }[act]
        try:
            world.ask(asked)
        except Refused:
            continue
        state = order(world)
        held = sum(one.quantity for one in state.claims.values())
        assert state.returned[0] <= 6
        assert act != "f" or held + state.returned[0] <= 6
