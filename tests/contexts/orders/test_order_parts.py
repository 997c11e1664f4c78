"""An order is approved in part and the rest waits; what was lost on its way is credited."""

import hypothesis.strategies as st
import pytest
from hypothesis import given
from laws import few, quick
from orders import (
    LINES,
    STAMP,
    WHO,
    a_shop,
    a_world,
    an_approved_order,
    approve,
    draft,
    held,
    lines,
    ship,
    some,
    submit,
)
from scenario import NOON, World

from aggregates import ReferenceTaken, Unknown
from aggregates.inventory.stock import Stock, StockArrived, StockReceived, StockReserved
from aggregates.orders.backlog import Backlog, BacklogJoined
from aggregates.orders.lines import OrderLine, ShippedLine, content_of
from aggregates.orders.order import (
    BeyondLine,
    OrderApprovalRefused,
    OrderApproved,
    OrderDrafted,
    OrderLossCredited,
    OrderSplit,
    OrderSubmitted,
    SalesOrder,
)
from commands.inventory.stock import ReceiveTransfer
from commands.orders.order import ApproveOrder, CreditLoss, DealersLoss, LinePart, ReturnOrder

partly = approve.model_copy(update={"partial": True})
KEPT = (OrderLine(1, "I1", 2, 1000, 0, 2000, 1200), OrderLine(2, "I2", 1, 333, 250, 324, None))
LEFT = (OrderLine(1, "I1", 1, 1000, 0, 1000, 600), OrderLine(2, "I2", 1, 333, 250, 325, None))


def test_what_is_there_is_approved_and_the_rest_is_an_order_that_waits() -> None:
    world = a_world(tea=2, cups=1)
    whole, kept, left = content_of(LINES), content_of(KEPT), content_of(LEFT)
    assert world.ask(draft, submit, partly) == (
        OrderSplit("O1-rest", KEPT, LEFT, whole, kept),
        OrderDrafted(*STAMP[:4], LEFT, *WHO, None, split_from="O1"),
        OrderSubmitted(1325, left),
        OrderApproved(kept, "boss"),
        StockReserved("warehouse", "O1", 2),
        StockReserved("warehouse", "O1", 1),
        BacklogJoined("O1-rest", 1, left, "boss"),
        BacklogJoined("O1-rest", 1, left, "boss"),
    )
    assert held(world, "W1:I1") == (2, 2)
    assert list(world.load(Backlog, "W1:I2").waiting) == ["O1-rest"]
    assert world.load(SalesOrder, "O1-rest").status == "submitted"


def test_a_part_is_approved_once() -> None:
    world = a_world(tea=2)
    read = {"content": content_of(LINES)}
    world.ask(draft, submit, partly)
    assert world.ask(partly) == world.ask(partly.model_copy(update=read)) == ()
    world.refuses(partly.model_copy(update={"rest": "O7"}), ReferenceTaken)
    said = world.refuses(approve, ReferenceTaken)
    assert "partial True, not False" in said
    world.refuses(approve.model_copy(update=read), ReferenceTaken)


def test_the_rest_has_an_id_of_its_own() -> None:
    world = a_world(tea=2)
    world.ask(draft.model_copy(update={"id": "O2"}), draft, submit)
    world.refuses(partly.model_copy(update={"rest": "O2"}), ReferenceTaken)
    world.ask(partly.model_copy(update={"rest": "O3"}))
    assert world.load(SalesOrder, "O3").known().split_from == "O1"


def test_where_all_is_there_or_nothing_a_part_is_the_whole() -> None:
    assert a_world().ask(draft, submit, partly)[0] == OrderApproved(content_of(LINES), "boss")
    (refused,) = a_world(tea=0, cups=0).ask(draft, submit, partly)
    assert isinstance(refused, OrderApprovalRefused)


@quick
@given(some, lines)
def test_the_parts_of_an_order_sum_to_it_exactly(stocks: dict[str, int], wanted: object) -> None:
    world = a_shop(stocks)
    drafting, submitting, _ = an_approved_order(wanted)
    world.ask(drafting, submitting)
    whole = world.load(SalesOrder, "O1").lines
    world.ask(ApproveOrder(id="O1", partial=True))
    order, rest = world.load(SalesOrder, "O1"), world.load(SalesOrder, "O1-rest")
    parts = [*order.lines, *rest.lines]
    for field in ("quantity", "amount", "cost"):
        assert sum(getattr(x, field) for x in parts) == sum(getattr(x, field) for x in whole)
    for state in (order, rest):
        assert [line.line for line in state.lines] == [*range(1, len(state.lines) + 1)]
    rates = {(line.item, line.unit_price, line.discount_bp) for line in whole}
    assert {(line.item, line.unit_price, line.discount_bp) for line in parts} == rates


def lost(quantity: int, loss: str = "L1", shipment: str = "S1") -> CreditLoss:
    part = (LinePart(line=1, quantity=quantity),)
    return CreditLoss(id="O1", loss=loss, shipment=shipment, lines=part)


def a_shipped_order() -> World:
    world = a_world("retailer")
    world.ask(draft, submit, approve, ship)
    return world


def test_what_was_lost_on_its_way_is_credited_once() -> None:
    world = a_shipped_order()
    stamp = "C1", "retailer", *STAMP[2:]
    line = ShippedLine(1, "I1", 2, 2000, 1200)
    assert world.ask(lost(2)) == (OrderLossCredited("L1", "S1", *stamp, (line,)),)
    assert world.ask(lost(2)) == ()
    world.refuses(lost(2, "L2"), BeyondLine)
    world.refuses(lost(1, "L2", "S9"), Unknown)
    two = (LinePart(line=1, quantity=2),)
    world.refuses(ReturnOrder(id="O1", return_id="R1", lines=two, reason="x"), BeyondLine)


def test_what_a_dealer_never_got_is_told_where_he_receives() -> None:
    world = a_world()
    world.ask(draft, submit, approve, ship)
    world.refuses(lost(1), DealersLoss)


def receives(quantity: int, lost: int, receipt: str) -> ReceiveTransfer:
    what = {"transfer": "S1", "quantity": quantity, "lost": lost, "receipt": receipt}
    return ReceiveTransfer(location="C1", item="I1", **what)


def test_what_a_dealer_finds_lost_on_arrival_is_credited_in_the_same_step() -> None:
    world = a_world()
    world.ask(draft, submit, approve, ship)
    line = ShippedLine(1, "I1", 1, 1000, 600)
    arrived, credited = world.ask(receives(1, 1, "A"))
    assert isinstance(arrived, StockArrived)
    assert credited == OrderLossCredited("S1:I1:A", "S1", *STAMP, (line,))
    assert world.ask(receives(1, 1, "A")) == ()
    assert len(world.ask(receives(0, 1, "B"))) == 2
    assert world.load(SalesOrder, "O1").returned == (2, 0)
    assert dict(world.load(Stock, "C1:I1").transit) == {}


def test_what_was_given_back_before_it_was_found_lost_is_credited_once() -> None:
    world = a_world()
    had = StockReceived("dealer", 3, "opening", "X", NOON)
    world.streams["stock-C1:I1"] = (had,)
    three = (LinePart(line=1, quantity=3),)
    back = ReturnOrder(id="O1", return_id="R1", lines=three, reason="x")
    world.ask(draft, submit, approve, ship, back)
    (arrived,) = world.ask(receives(0, 3, "A"))
    assert isinstance(arrived, StockArrived)


@quick
@given(st.lists(st.tuples(few, st.sampled_from(["L1", "L2", "L3"]), st.booleans()), max_size=8))
def test_no_piece_is_credited_twice_whether_lost_or_returned(
    asks: list[tuple[int, str, bool]],
) -> None:
    world = a_shipped_order()
    for quantity, name, back in asks:
        part = (LinePart(line=1, quantity=quantity),)
        giving = ReturnOrder(id="O1", return_id=name, lines=part, reason="x")
        try:
            world.ask(giving if back else lost(quantity, name))
        except (BeyondLine, ReferenceTaken):
            continue
        order: SalesOrder = world.load(SalesOrder, "O1")
        assert 0 <= order.returned[0] <= order.shipped[0]


@pytest.mark.parametrize("command", [lost(1), partly], ids=repr)
def test_nothing_is_split_or_credited_of_an_order_that_is_not(command: CreditLoss) -> None:
    a_world().refuses(command, Unknown)
