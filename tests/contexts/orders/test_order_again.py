"""What is asked of an order again is a repeat, or the difference is named."""

import pytest
from orders import ONE_EACH, a_world, approve, cancel, draft, give_back, ship, submit
from scenario import World

from aggregates import ReferenceTaken
from aggregates.catalog.product import ProductRepriced
from commands import Command
from commands.orders.order import CreditLoss, Line, LinePart, RejectOrder

reject = RejectOrder(id="O1", reason="too cheap")
credit = CreditLoss(id="O1", loss="L1", shipment="S1", lines=(LinePart(line=1, quantity=1),))
FIRST, SECOND = draft.lines
TO_SHIP = draft, submit, approve, ship


@pytest.mark.parametrize(
    ("before", "command", "change", "says"),
    [
        ((), draft, {"customer": "C2"}, "customer C1, not C2"),
        ((), draft, {"warehouse": "W2"}, "warehouse W1, not W2"),
        ((), draft, {"opportunity": "deal"}, "opportunity nothing, not deal"),
        ((), draft, {"rep": "wu"}, "rep li, not wu"),
        ((), draft, {"lines": (FIRST,)}, "line 2 2 I2, not nothing"),
        ((), draft, {"lines": (*draft.lines, FIRST)}, "line 3 nothing, not 3 I1"),
        (
            (),
            draft,
            {"lines": (Line(item="I1", quantity=3, unit_price=950), SECOND)},
            "unit_price of line 1 1000, not 950",
        ),
        (
            (),
            draft,
            {"lines": (FIRST, Line(item="I2", quantity=2, discount_bp=300))},
            "discount_bp of line 2 250, not 300",
        ),
        (
            (),
            draft,
            {"lines": (Line(item="I3", quantity=4), SECOND)},
            "item of line 1 I1, not I3; quantity of line 1 3, not 4",
        ),
        ((draft, submit), reject, {"reason": "too dear"}, "reason too cheap, not too dear"),
        ((draft, submit), approve, {"approver": "chief"}, "approver boss, not chief"),
        ((draft, submit), approve, {"content": "another"}, "not another"),
        ((draft,), cancel, {"reason": "no money"}, "reason changed his mind, not no money"),
        (TO_SHIP[:3], ship, {"lines": ONE_EACH}, "quantity of line 1 3, not 1"),
        (TO_SHIP, give_back, {"reason": "late"}, "reason damaged, not late"),
        (TO_SHIP, give_back, {"lines": ONE_EACH[:1]}, "quantity of line 2 1, not nothing"),
        (TO_SHIP, credit, {"shipment": "S2"}, "shipment S1, not S2"),
        (TO_SHIP, credit, {"lines": ONE_EACH}, "quantity of line 2 nothing, not 1"),
    ],
)
def test_another_content_is_refused_and_names_the_difference(
    before: tuple[Command, ...], command: Command, change: dict[str, object], says: str
) -> None:
    world = a_world("retailer")
    world.ask(*before, command)
    assert world.ask(command) == ()
    assert says in world.refuses(command.model_copy(update=change), ReferenceTaken)


@pytest.mark.parametrize(
    ("command", "after"),
    [(draft, (submit, approve, ship)), (approve, (ship,)), (ship, (give_back,))],
    ids=["draft", "approve", "ship"],
)
def test_a_repeat_is_one_however_far_the_order_has_come(
    command: Command, after: tuple[Command, ...]
) -> None:
    world = world_up_to(command)
    world.ask(*after)
    assert world.ask(command) == ()


def world_up_to(command: Command) -> World:
    world = a_world("retailer")
    for each in TO_SHIP:
        world.ask(each)
        if each is command:
            break
    return world


def test_what_a_request_leaves_open_is_as_it_was() -> None:
    world = a_world()
    world.ask(draft, submit, approve)
    world.streams["product-I1"] += (ProductRepriced(1000, 1100, 600, 600),)
    world.states.clear()
    assert world.ask(draft) == ()
    assert world.ask(approve.model_copy(update={"approver": None})) == ()
    world.ask(ship)
    assert world.ask(ship.model_copy(update={"lines": None})) == ()


def test_an_order_that_cannot_be_redrafted_is_not_said_to_be() -> None:
    world = a_world()
    world.ask(*TO_SHIP)
    said = world.refuses(draft.model_copy(update={"warehouse": "W2"}), ReferenceTaken)
    assert "redraft" not in said
