"""Nobody is promised what is not there."""

from datetime import timedelta

import pytest
from scenario import NOON, World, given

from aggregates import ReferenceTaken, Refused, Unknown
from aggregates.customers.customer import CustomerReassigned, CustomerRegistered
from aggregates.inventory.stock import (
    Asked,
    Stock,
    StockAdjusted,
    StockArrived,
    StockCounted,
    StockDispatched,
    StockEvent,
    StockExpected,
    StockIssued,
    StockReceived,
    StockReleased,
    StockReserved,
    StockSold,
)
from aggregates.inventory.stock.refusals import (
    CountTooOld,
    NotEnough,
    NotReserved,
    TooMuch,
    WrongHolder,
)
from aggregates.inventory.stock.timeline import KEPT, LOT
from commands import Command
from commands.inventory.stock import (
    AdjustStock,
    CountStock,
    IssueStock,
    NothingMoves,
    ReceiveStock,
    ReceiveTransfer,
    ReleaseStock,
    ReserveStock,
    SellOut,
    TransferStock,
)

HOUR = timedelta(hours=1)
NEW = Asked(NOON, {}.get)
HERE = {"location": "W1", "item": "I1"}
TEN = StockReceived("warehouse", 10, "purchase", "PO1", NOON)
EIGHT_HELD = StockReserved("warehouse", "O2", 8)
THREE_HELD = StockReserved("warehouse", "O1", 3)
receive = ReceiveStock(**HERE, quantity=10, reference="PO1")
reserve_three = ReserveStock(**HERE, order="O1", quantity=3)
release = ReleaseStock(**HERE, order="O1")
issue_three = IssueStock(**HERE, quantity=3, reason="scrap", reference="S1")
transfer = TransferStock(transfer="T1", from_location="W1", to_location="W2", item="I1", quantity=4)
arrive = ReceiveTransfer(location="W2", item="I1", transfer="T1", quantity=4)
sell = SellOut(location="D1", item="I1", sale="B1", quantity=2, amount=500, currency="CNY")


def test_a_stock_is_one_item_at_one_location() -> None:
    assert receive.stream == "stock-W1:I1"
    assert Stock.parts(receive.stream) == ("W1", "I1")
    assert Stock.parts(Stock.stream(Stock.id_of("stock-7", "A-1"))) == ("stock-7", "A-1")


@pytest.mark.parametrize("reason", ["purchase", "opening", "return", "production", "found"])
def test_goods_come_in_for_a_reason_and_once(reason: str) -> None:
    command = ReceiveStock(**HERE, quantity=10, reason=reason, reference="PO1")
    received = StockReceived("warehouse", 10, reason, "PO1", NOON)  # type: ignore[arg-type]
    given().when(command).then(received)
    given(received).when(command, NOON + HOUR).then()


@pytest.mark.parametrize("reason", ["sale", "return", "production", "scrap", "sample"])
def test_goods_go_out_for_a_reason_and_once(reason: str) -> None:
    command = IssueStock(**HERE, quantity=3, reason=reason, reference="S1")
    issued = StockIssued("warehouse", 3, reason, "S1", NOON)  # type: ignore[arg-type]
    given(TEN).when(command).then(issued)
    given(TEN, issued).when(command).then()


def test_a_reference_stands_for_one_quantity() -> None:
    given(TEN).when(receive.model_copy(update={"quantity": 4})).refused(ReferenceTaken)


def test_nobody_is_promised_what_is_not_there() -> None:
    given(TEN, EIGHT_HELD).when(reserve_three).refused(NotEnough)
    given(TEN, EIGHT_HELD).when(issue_three).refused(NotEnough)
    given(TEN, EIGHT_HELD).when(transfer).refused(NotEnough)
    down = AdjustStock(**HERE, quantity=-3, reason="broken", reference="A1")
    given(TEN, EIGHT_HELD).when(down).refused(NotEnough)
    given().when(reserve_three).refused(NotEnough)


def test_a_reservation_says_how_many_an_order_shall_hold_in_all() -> None:
    given(TEN).when(reserve_three).then(THREE_HELD)
    given(TEN, THREE_HELD).when(reserve_three).then()
    more, fewer = (reserve_three.model_copy(update={"quantity": n}) for n in (4, 2))
    given(TEN, THREE_HELD).when(more).then(StockReserved("warehouse", "O1", 1))
    given(TEN, THREE_HELD).when(fewer).refused(ReferenceTaken)


def test_what_is_released_can_be_promised_again() -> None:
    released = StockReleased("warehouse", "O1", 3)
    given(TEN, THREE_HELD).when(release).then(released)
    given(TEN, THREE_HELD, released).when(release).then()
    given(TEN, THREE_HELD, released).when(reserve_three).then(THREE_HELD)


def test_only_what_is_reserved_and_there_is_shipped() -> None:
    stock = Stock.after([TEN, THREE_HELD])
    with pytest.raises(NotReserved):
        list(stock.ship("O1", "S1", 4, NEW))
    lost = StockCounted("warehouse", 2, 10, -8, NOON, "C1", NOON)
    with pytest.raises(NotEnough):
        list(stock.fold(lost).ship("O1", "S1", 3, NEW._replace(at=NOON + HOUR)))


def test_a_correction_is_signed_and_has_a_reason() -> None:
    up = AdjustStock(**HERE, quantity=2, reason="found behind the shelf", reference="A1")
    adjusted = StockAdjusted("warehouse", 2, "found behind the shelf", "A1", NOON)
    given(TEN).when(up).then(adjusted)
    given(TEN, adjusted).when(up).then()
    nothing = AdjustStock(**HERE, quantity=0, reason="none", reference="A2")
    given(TEN).when(nothing).refused(NothingMoves)


def test_a_transfer_leaves_and_is_on_its_way_in_one_step() -> None:
    world = World({"stock-W1:I1": (TEN,)})
    out = StockDispatched("warehouse", "T1", "W2", 4, NOON)
    way = StockExpected("warehouse", "T1", "W1", 4, NOON)
    assert world.ask(transfer) == (out, way)
    assert world.ask(transfer) == ()
    assert world.load(Stock, "W2:I1").available == 0


def test_a_transfer_arrives_once_and_what_is_lost_is_said() -> None:
    world = World({"stock-W1:I1": (TEN,)})
    broken = arrive.model_copy(update={"quantity": 3, "lost": 1})
    arrived = StockArrived("warehouse", "T1", 3, 1, "T1", NOON)
    assert world.ask(transfer, broken) == (arrived,)
    assert world.ask(broken) == ()
    assert (world.load(Stock, "W2:I1").on_hand, world.load(Stock, "W2:I1").transit) == (3, {})


def test_a_transfer_may_arrive_in_parts() -> None:
    world = World({"stock-W1:I1": (TEN,)})
    parts = [arrive.model_copy(update={"quantity": 2, "receipt": name}) for name in ("R1", "R2")]
    world.ask(transfer, *parts)
    assert world.load(Stock, "W2:I1").on_hand == 4
    assert world.ask(*parts) == ()


def test_no_more_arrives_than_was_sent() -> None:
    world = World({"stock-W1:I1": (TEN,)})
    world.refuses(arrive, Unknown)
    world.ask(transfer)
    world.refuses(arrive.model_copy(update={"quantity": 5}), TooMuch)
    world.refuses(arrive.model_copy(update={"quantity": 0}), NothingMoves)


def test_two_transfers_never_become_one() -> None:
    world = World({"stock-W1:I1": (TEN,), "stock-W3:I1": (TEN,)})
    other = transfer.model_copy(update={"from_location": "W3"})
    world.ask(transfer)
    world.refuses(other, ReferenceTaken)
    world.ask(arrive)
    world.refuses(other, ReferenceTaken)
    world.refuses(transfer.model_copy(update={"to_location": "W1"}), NothingMoves)


def test_a_count_posts_the_difference() -> None:
    count = CountStock(**HERE, counted=7, reference="C1")
    counted = StockCounted("warehouse", 7, 10, -3, NOON, "C1", NOON)
    given(TEN).when(count).then(counted)
    given(TEN, counted).when(count).then()
    assert Stock.after([TEN, counted]).on_hand == 7


def test_what_moved_after_the_count_stands() -> None:
    sold = StockIssued("warehouse", 2, "sale", "S1", NOON + 2 * HOUR)
    count = CountStock(**HERE, counted=9, counted_at=NOON + HOUR, reference="C1")
    at = NOON + HOUR
    counted = StockCounted("warehouse", 9, 10, -1, at, "C1", at)
    given(TEN, sold).when(count, NOON + 3 * HOUR).then(counted)
    assert Stock.after([TEN, sold, counted]).on_hand == 7


def test_a_count_shows_what_was_promised_and_is_gone() -> None:
    counted = StockCounted("warehouse", 1, 10, -9, NOON, "C1", NOON)
    assert Stock.after([TEN, EIGHT_HELD, counted]).available == -7


def test_a_count_is_refused_when_it_is_too_old() -> None:
    many = [StockReceived("warehouse", 1, "purchase", f"P{n}", NOON) for n in range(KEPT + LOT + 1)]
    old = CountStock(**HERE, counted=1, counted_at=NOON - HOUR, reference="C1")
    given(*many).when(old).refused(CountTooOld)
    given(*many[1:]).when(old).then(
        StockCounted("warehouse", 1, 0, 1, NOON - HOUR, "C1", NOON - HOUR)
    )


def test_what_a_dealer_sold_is_never_refused_and_shows_below_zero() -> None:
    sold = StockSold("dealer", "B1", 2, 500, "CNY", None, NOON)
    given().when(sell).then(sold)
    given(sold).when(sell).then()
    assert Stock.after([sold]).on_hand == -2


def test_a_dealers_sale_counts_for_whoever_looks_after_the_dealer_then() -> None:
    dealer = CustomerRegistered("D1", "dealer", "li", "east", "shanghai", None, None, None)
    moved = CustomerReassigned("li", "east", "shanghai", "wu", "south", "canton", "leave")
    world = World({"customer-D1": (dealer, moved)})
    assert world.ask(sell) == (
        StockSold("dealer", "B1", 2, 500, "CNY", None, NOON, "wu", "south", "canton"),
    )


def test_a_warehouse_is_no_dealer() -> None:
    given(TEN).when(SellOut(**{**sell.model_dump(), **HERE})).refused(WrongHolder)
    opening = ReceiveStock(**HERE, quantity=1, reference="X", holder="dealer")
    given(TEN).when(opening).refused(WrongHolder)
    given().when(opening).then(StockReceived("dealer", 1, "purchase", "X", NOON))


def test_what_a_stock_remembers_does_not_grow() -> None:
    stock = Stock()
    for n in range(500):
        for event in stock.receive(1, "purchase", f"P{n}", None, NEW):
            stock = stock.fold(event)
        assert min(n + 1, KEPT) <= sum(map(len, stock.past.movements)) <= KEPT + LOT
    for n in range(100):
        at = NOON + n * HOUR
        stock = stock.fold(StockCounted("warehouse", 500, 500, 0, at, f"C{n}", at))
        assert len(stock.past.counts) == min(n + 1, KEPT)
    assert stock.on_hand == 500


def test_a_refusal_tells_what_is_there() -> None:
    events: tuple[StockEvent, ...] = (TEN, EIGHT_HELD)
    command: Command = reserve_three
    reason: type[Refused] = NotEnough
    sentence = World({command.stream: events}).refuses(command, reason)
    assert sentence == "Only 2 are available, not 3. Receive more or take fewer."
