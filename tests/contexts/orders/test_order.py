"""An order is approved as it stands, ships what it reserved, and its parts sum to its lines."""

import pytest
from orders import (
    CONTENT,
    LINES,
    ONE_EACH,
    STAMP,
    WHO,
    a_world,
    approve,
    cancel,
    draft,
    give_back,
    held,
    release,
    reserve,
    ship,
    submit,
)
from scenario import NOON

from aggregates import ReferenceTaken, Unknown
from aggregates.catalog.product import (
    Discontinued,
    ProductAdded,
    ProductDiscontinued,
    ProductRepriced,
)
from aggregates.customers.customer import CustomerFrozen, FrozenCustomer
from aggregates.inventory.stock import (
    NotEnough,
    NotReserved,
    StockExpected,
    StockIssued,
    StockReceived,
    StockReleased,
    StockReserved,
    StockShipped,
)
from aggregates.inventory.stock import ReferenceTaken as TransferTaken
from aggregates.orders.lines import OrderLine, ShippedLine, content_of, part, priced
from aggregates.orders.order import (
    BeyondLine,
    BeyondOrder,
    ContentChanged,
    NotNow,
    OrderApprovalRefused,
    OrderApproved,
    OrderCancelled,
    OrderDrafted,
    OrderRedrafted,
    OrderRejected,
    OrderReturned,
    OrderShipped,
    OrderSubmitted,
    Released,
    SalesOrder,
    Shortage,
    StillNeeded,
)
from commands.inventory.stock import ReceiveStock, ReceiveTransfer
from commands.orders.order import (
    DraftOrder,
    Line,
    LinePart,
    RedraftOrder,
    RejectOrder,
    SubmitOrder,
)
from commands.prices import MixedCurrencies


def test_an_order_takes_price_cost_and_owner_as_they_are_now() -> None:
    assert a_world().ask(draft) == (OrderDrafted(*STAMP[:4], LINES, *WHO, None),)


def test_a_named_rep_counts_where_he_works() -> None:
    (event,) = a_world().ask(draft.model_copy(update={"rep": "wu"}))
    assert isinstance(event, OrderDrafted)
    assert (event.rep, event.department, event.region) == ("wu", "west", "chengdu")


def test_a_given_price_beats_the_list_price() -> None:
    lines = (Line(item="I1", quantity=3, unit_price=950),)
    (event,) = a_world().ask(draft.model_copy(update={"lines": lines}))
    assert isinstance(event, OrderDrafted)
    assert event.lines == (OrderLine(1, "I1", 3, 950, 0, 2850, 1800),)


def test_amounts_are_rounded_half_up() -> None:
    assert [priced(1, "I", 1, price, 5000, None).amount for price in (1, 2, 3)] == [1, 1, 2]


def test_drafting_again_does_nothing_even_after_a_new_price() -> None:
    world = a_world()
    world.ask(draft)
    world.streams["product-I1"] += (
        ProductRepriced(1000, 1100, 600, 600),
        ProductDiscontinued("old"),
    )
    world.states.clear()
    assert world.ask(draft) == ()
    world.refuses(draft.model_copy(update={"warehouse": "W2"}), ReferenceTaken)


def test_nothing_is_sold_to_a_frozen_or_unknown_customer() -> None:
    world = a_world()
    world.ask(draft, submit)
    world.streams["customer-C1"] += (CustomerFrozen("disputed bill"),)
    world.states.clear()
    world.refuses(draft.model_copy(update={"id": "O2"}), FrozenCustomer)
    world.refuses(approve, FrozenCustomer)
    world.refuses(draft.model_copy(update={"id": "O2", "customer": "C9"}), Unknown)


def test_an_order_holds_sold_products_in_one_currency() -> None:
    def of(item: str) -> DraftOrder:
        lines = (Line(item="I1", quantity=1), Line(item=item, quantity=1))
        return draft.model_copy(update={"lines": lines})

    world = a_world()
    world.streams["product-I4"] = (
        ProductAdded("Mat", "x", "x", None, 1, 1, "CNY"),
        ProductDiscontinued("no demand"),
    )
    world.refuses(of("I3"), MixedCurrencies)
    world.refuses(of("I4"), Discontinued)
    world.refuses(of("I9"), Unknown)


def test_approval_reserves_every_line() -> None:
    world = a_world()
    assert world.ask(draft, submit) == (OrderSubmitted(3649, CONTENT),)
    assert world.ask(submit) == ()
    assert world.ask(approve) == (
        OrderApproved(CONTENT, "boss"),
        StockReserved("warehouse", "O1", 3),
        StockReserved("warehouse", "O1", 2),
    )
    assert world.ask(approve) == ()


def test_a_shortage_of_one_line_reserves_none_and_is_on_record() -> None:
    world = a_world(cups=1)
    refused = OrderApprovalRefused((Shortage("I2", 2, 1),), "W1", CONTENT, "boss")
    assert world.ask(draft, submit, approve) == (refused,)
    assert refused.refusal
    assert world.load(SalesOrder, "O1").status == "submitted"
    assert held(world, "W1:I1") == (10, 0)


def test_two_lines_of_one_item_are_promised_together() -> None:
    twice = (Line(item="I1", quantity=6), Line(item="I1", quantity=5))
    world = a_world(tea=10)
    order = draft.model_copy(update={"lines": twice})
    (refused,) = world.ask(order, submit, approve)
    assert isinstance(refused, OrderApprovalRefused)
    assert refused.shortages == (Shortage("I1", 11, 10),)
    enough = a_world(tea=11)
    enough.ask(order, submit, approve, ship)
    assert held(enough, "W1:I1") == (0, 0)


def test_a_change_voids_what_was_submitted() -> None:
    world = a_world()
    lines = (Line(item="I1", quantity=4),)
    changed = RedraftOrder(id="O1", lines=lines)
    new = OrderLine(1, "I1", 4, 1000, 0, 4000, 2400)
    assert world.ask(draft, submit, changed) == (OrderRedrafted((new,)),)
    assert world.ask(changed) == ()
    world.refuses(approve, NotNow)
    world.ask(submit)
    read_before = approve.model_copy(update={"content": CONTENT})
    world.refuses(read_before, ContentChanged)
    read_now = approve.model_copy(update={"content": content_of((new,))})
    assert OrderApproved(content_of((new,)), "boss") in world.ask(read_now)
    world.refuses(changed, NotNow)


def test_a_rejected_order_is_not_approved_before_it_is_redrafted_and_submitted_again() -> None:
    world = a_world()
    reject = RejectOrder(id="O1", reason="too cheap")
    assert world.ask(draft, submit, reject) == (OrderRejected("too cheap"),)
    assert world.ask(reject) == ()
    world.refuses(reject.model_copy(update={"reason": "too dear"}), ReferenceTaken)
    world.refuses(approve, NotNow)
    world.refuses(submit, NotNow)
    as_it_was = RedraftOrder(id="O1", lines=draft.lines)
    assert world.ask(as_it_was) == (OrderRedrafted(LINES),)
    assert world.ask(as_it_was) == ()
    assert OrderApproved(CONTENT, "boss") in world.ask(submit, approve)


def test_what_ships_to_a_dealer_is_on_its_way_to_him() -> None:
    world = a_world()
    whole = ShippedLine(1, "I1", 3, 3000, 1800), ShippedLine(2, "I2", 2, 649, None)
    assert world.ask(draft, submit, approve, ship) == (
        OrderShipped("S1", *STAMP, whole, complete=True),
        StockShipped("warehouse", "O1", "S1", 3, NOON),
        StockExpected("dealer", "S1", "W1", 3, NOON, "O1"),
        StockShipped("warehouse", "O1", "S1", 2, NOON),
        StockExpected("dealer", "S1", "W1", 2, NOON, "O1"),
    )
    assert world.ask(ship) == ()
    assert held(world, "W1:I1") == (7, 0)
    world.refuses(ship.model_copy(update={"lines": ONE_EACH}), ReferenceTaken)


def test_a_shipment_belongs_to_one_order() -> None:
    world = a_world()
    other = [each.model_copy(update={"id": "O2"}) for each in (draft, submit, approve, ship)]
    world.ask(draft, submit, approve, ship, *other[:3])
    world.refuses(other[3], TransferTaken)


def test_what_ships_to_a_shop_is_his() -> None:
    world = a_world("retailer")
    world.ask(draft, submit, approve, ship)
    assert not [name for name in world.streams if name.startswith("stock-C1")]


def test_an_order_ships_in_parts_that_sum_to_the_whole() -> None:
    world = a_world()
    first = ship.model_copy(update={"lines": ONE_EACH})
    world.ask(draft, submit, approve, first)
    assert world.load(SalesOrder, "O1").status == "partly_shipped"
    world.ask(ship.model_copy(update={"shipment": "S2"}))
    order: SalesOrder = world.load(SalesOrder, "O1")
    sent = [line for lines in order.shipments.values() for line in lines]
    assert sum(line.amount for line in sent) == 3649
    assert order.status == "shipped"


def test_no_more_ships_than_was_ordered_reserved_and_approved() -> None:
    world = a_world()
    world.ask(draft, submit)
    world.refuses(ship, NotNow)
    world.ask(approve)
    four = (LinePart(line=1, quantity=2), LinePart(line=1, quantity=2))
    world.refuses(ship.model_copy(update={"lines": four}), BeyondLine)
    world.refuses(ship.model_copy(update={"lines": (LinePart(line=3, quantity=1),)}), Unknown)
    sentence = world.refuses(ship.model_copy(update={"lines": four}), BeyondLine)
    assert sentence == "Line 1 has 3 left, not 4. Take fewer."


def test_what_an_approved_order_was_promised_is_not_let_go_behind_its_back() -> None:
    world = a_world()
    world.ask(draft, submit, approve)
    world.refuses(release, StillNeeded)
    world.ask(ship)
    assert world.ask(release) == ()


def test_an_order_that_an_older_build_approved_with_less_ships_once_the_rest_is_reserved() -> None:
    world = a_world()
    world.ask(draft, submit, approve)
    world.streams["stock-W1:I1"] += (StockReleased("warehouse", "O1", 2),)
    world.states.clear()
    world.refuses(ship, NotReserved)
    world.ask(reserve(3), ship)
    assert held(world, "W1:I1") == (7, 0)


def test_what_was_set_aside_by_hand_counts_when_the_order_is_approved() -> None:
    world = a_world(tea=3)
    assert world.ask(draft, reserve(1)) == (StockReserved("warehouse", "O1", 1),)
    assert world.ask(submit, approve) == (
        OrderApproved(CONTENT, "boss"),
        StockReserved("warehouse", "O1", 2),
        StockReserved("warehouse", "O1", 2),
    )
    assert held(world, "W1:I1") == (3, 3)


def test_a_reservation_by_hand_is_no_approval_of_less_than_all() -> None:
    world = a_world(tea=2)
    world.ask(draft, submit, reserve(1))
    for number in range(90):  # however much has happened since
        world.ask(ReceiveStock(location="W1", item="I9", quantity=1, reference=f"R{number}"))
    (refused,) = world.ask(approve)
    assert isinstance(refused, OrderApprovalRefused)
    assert refused.shortages == (Shortage("I1", 3, 2),)
    assert held(world, "W1:I1") == (2, 1)


def test_nothing_is_set_aside_for_an_order_that_it_does_not_want() -> None:
    world = a_world()
    world.ask(draft)
    world.refuses(reserve(4), BeyondOrder)
    world.refuses(reserve(1).model_copy(update={"item": "I3"}), BeyondOrder)
    world.refuses(reserve(1).model_copy(update={"location": "W2"}), BeyondOrder)
    world.ask(submit, approve, ship)
    world.refuses(reserve(1), BeyondOrder)


def test_what_an_order_no_longer_wants_is_let_go() -> None:
    world = a_world()
    less = RedraftOrder(id="O1", lines=(Line(item="I1", quantity=2),))
    world.ask(draft, submit, reserve(3), reserve(2).model_copy(update={"item": "I2"}))
    assert world.ask(less)[1:] == (
        StockReleased("warehouse", "O1", 1),
        StockReleased("warehouse", "O1", 2),
    )
    assert world.ask(submit, RejectOrder(id="O1", reason="x"))[1:] == (
        StockReleased("warehouse", "O1", 2),
    )


def test_what_was_set_aside_before_the_order_was_known_is_held_as_it_wants() -> None:
    world = a_world()
    world.ask(reserve(9), draft, submit)
    assert world.ask(approve)[1] == StockReleased("warehouse", "O1", 6)
    assert held(world, "W1:I1") == (10, 3)


def test_cancelling_lets_go_what_is_not_shipped() -> None:
    world = a_world()
    world.ask(draft, submit, approve, ship.model_copy(update={"lines": ONE_EACH}))
    released = Released("I1", 2), Released("I2", 1)
    assert world.ask(cancel) == (
        OrderCancelled("changed his mind", released),
        StockReleased("warehouse", "O1", 2),
        StockReleased("warehouse", "O1", 1),
    )
    assert world.ask(cancel) == ()
    assert held(world, "W1:I1") == (9, 0)
    world.refuses(ship.model_copy(update={"shipment": "S2"}), NotNow)


def test_a_draft_is_cancelled_with_nothing_to_let_go_and_a_shipped_order_is_not() -> None:
    world = a_world()
    assert world.ask(draft, cancel) == (OrderCancelled("changed his mind", ()),)
    world = a_world()
    world.ask(draft, submit, approve, ship)
    world.refuses(cancel, NotNow)


def test_a_return_brings_goods_and_its_share_of_the_money_back() -> None:
    world = a_world("retailer")
    world.ask(draft, submit, approve, ship)
    back = ShippedLine(1, "I1", 1, 1000, 600), ShippedLine(2, "I2", 1, 324, None)
    stamp = "C1", "retailer", *STAMP[2:]
    assert world.ask(give_back) == (
        OrderReturned("R1", *stamp, back, "damaged"),
        StockReceived("warehouse", 1, "return", "O1:R1", NOON),
        StockReceived("warehouse", 1, "return", "O1:R1", NOON),
    )
    assert world.ask(give_back) == ()
    assert held(world, "W1:I1") == (8, 0)


def test_a_dealer_returns_what_he_has() -> None:
    world = a_world()
    world.ask(draft, submit, approve, ship)
    world.refuses(give_back, NotEnough)
    for item, quantity in {"I1": 3, "I2": 2}.items():
        world.ask(ReceiveTransfer(location="C1", item=item, transfer="S1", quantity=quantity))
    issued = StockIssued("dealer", 1, "return", "O1:R1", NOON)
    assert world.ask(give_back).count(issued) == 2
    assert held(world, "C1:I1") == (2, 0)


def test_no_more_is_returned_than_was_shipped() -> None:
    world = a_world("retailer")
    world.ask(draft, submit, approve, ship.model_copy(update={"lines": ONE_EACH}), give_back)
    world.refuses(give_back.model_copy(update={"return_id": "R2"}), BeyondLine)
    two = (LinePart(line=1, quantity=2),)
    world.refuses(give_back.model_copy(update={"lines": two}), ReferenceTaken)


def test_shares_of_a_line_differ_by_no_more_than_they_must() -> None:
    line = priced(1, "I", 3, 100, 0, 1)
    cut = OrderLine(1, "I", 3, 33, 0, 100, 10)
    assert line.cost == 3
    assert [part(cut, n, 1).amount for n in range(3)] == [33, 33, 34]
    assert [part(cut, n, 1).cost for n in range(3)] == [3, 3, 4]


@pytest.mark.parametrize("command", [submit, approve, ship, cancel, give_back], ids=repr)
def test_nothing_happens_to_an_order_that_is_not(command: SubmitOrder) -> None:
    a_world().refuses(command, Unknown)
