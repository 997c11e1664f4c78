"""What was entered wrong is put right, and what was sold comes back, each exactly once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from scenario import NOON, World, given

from aggregates import ReferenceTaken, Unknown
from aggregates.customers.customer import CustomerRegistered
from aggregates.inventory.stock import (
    SellOutReturned,
    Stock,
    StockArrivalReversed,
    StockCounted,
    StockDiverted,
    StockExpected,
    StockHolderCorrected,
    StockIssued,
    StockReceived,
    StockReversed,
    StockSold,
    StockTakenBack,
)
from aggregates.inventory.stock.refusals import (
    FoundAndGone,
    HeldAlready,
    NotEnough,
    NotEnoughThen,
    OnItsWay,
    ReturnedInPart,
    TooMuch,
    WrongHolder,
)
from commands.inventory.stock import (
    CountStock,
    IssueStock,
    NothingMoves,
    ReceiveStock,
    ReceiveTransfer,
    SellOut,
    TransferStock,
)
from commands.inventory.stock_corrections import (
    CancelTransfer,
    CorrectHolder,
    RedirectTransfer,
    ReturnSellOut,
    ReverseArrival,
    ReverseMovement,
    Shipped,
)

HOUR = timedelta(hours=1)
HERE = {"location": "W1", "item": "I1"}
DEALER = {"location": "D1", "item": "I1"}
THERE = {"location": "W2", "item": "I1", "transfer": "T1"}
TEN = StockReceived("warehouse", 10, "purchase", "PO1", NOON)
TRANSFER = TransferStock(transfer="T1", from_location="W1", to_location="W2", item="I1", quantity=4)
SOLD = StockSold("dealer", "S1", 3, 100, "CNY", "m1", NOON, "li", "east", "shanghai")
CANCEL = CancelTransfer(**THERE, reason="truck broke down")
REDIRECT = RedirectTransfer(**THERE, to_location="W3", reason="needed there")


def reverse(document: Any, reference: str, place: dict[str, str] = HERE) -> ReverseMovement:
    return ReverseMovement(**place, document=document, reference=reference, reason="typing error")


def test_a_receipt_is_reversed_at_its_own_instant_and_may_be_entered_anew() -> None:
    world = World({"stock-W1:I1": (TEN,)})
    undone = StockReversed("warehouse", "received", "PO1", -10, 0, "typing error", NOON)
    undone = replace(undone, movement="purchase_receipt")
    assert world.ask(reverse("received", "PO1"), at=NOON + HOUR) == (undone,)
    assert world.ask(reverse("received", "PO1"), at=NOON + 2 * HOUR) == ()
    right = ReceiveStock(**HERE, quantity=9, reference="PO1")
    anew = StockReceived("warehouse", 9, "purchase", "PO1", NOON, again=2)
    assert world.ask(right) == (anew,)
    assert world.ask(right) == ()
    assert world.load(Stock, "W1:I1").on_hand == 9
    again = replace(undone, quantity=-9, again=2)
    assert world.ask(reverse("received", "PO1")) == (again,)


def test_what_was_received_and_has_left_since_is_not_reversed() -> None:
    issued = StockIssued("warehouse", 3, "sale", "I1", NOON + HOUR)
    given(TEN, issued).when(reverse("received", "PO1")).refused(NotEnough)
    more = StockReceived("warehouse", 10, "purchase", "PO2", NOON + 2 * HOUR)
    given(TEN, issued, more).when(reverse("received", "PO1")).refused(NotEnoughThen)
    given(TEN, issued, more).when(reverse("issued", "I1")).then(
        StockReversed(
            *("warehouse", "issued", "I1", 3, -3, "typing error", NOON + HOUR),
            movement="sales_issue",
        )
    )


def test_a_sale_is_reversed_with_all_that_it_counted_for() -> None:
    whose = 100, "CNY", "m1", "li", "east", "shanghai", "sales_issue"
    undone = StockReversed("dealer", "sold", "S1", 3, -3, "typing error", NOON, None, *whose)
    given(SOLD).when(reverse("sold", "S1", DEALER)).then(undone)


def test_a_count_is_reversed_and_what_it_found_is_found_by_the_next() -> None:
    world = World({"stock-W1:I1": (TEN,)})
    for counted, reference, hours in ((1, "C1", 1), (9, "C2", 2)):
        at = NOON + hours * HOUR
        world.ask(CountStock(**HERE, counted=counted, counted_at=at, reference=reference))
    assert len(world.ask(reverse("counted", "C1"))) == 2
    stock = world.load(Stock, "W1:I1")
    assert (stock.on_hand, stock.past.book(9, NOON + HOUR)) == (9, 10)
    fixed = CountStock(**HERE, counted=10, counted_at=NOON + HOUR, reference="C1")
    (counted,) = world.ask(fixed)
    assert counted == StockCounted("warehouse", 10, 10, 0, NOON + HOUR, "C1", NOON + HOUR, again=2)


def test_what_a_count_found_and_has_left_is_not_unfound() -> None:
    world = World({"stock-W1:I1": (TEN,)})
    found = CountStock(**HERE, counted=14, counted_at=NOON + HOUR, reference="K1")
    left = IssueStock(**HERE, quantity=12, reason="scrap", reference="i")
    world.ask(found, left, at=NOON + 2 * HOUR)
    assert "count-stock" in world.refuses(reverse("counted", "K1"), FoundAndGone)
    world.ask(CountStock(**HERE, counted=5, reference="K2"), at=NOON + 3 * HOUR)
    assert world.load(Stock, "W1:I1").on_hand == 5
    world.refuses(reverse("counted", "K1"), NotEnoughThen)


def test_only_what_was_recorded_is_reversed() -> None:
    given(TEN).when(reverse("issued", "PO1")).refused(Unknown)
    given(TEN).when(reverse("received", "PO2")).refused(Unknown)


def test_the_holder_of_a_stock_is_corrected_with_all_that_is_there() -> None:
    wrong = StockReceived("warehouse", 10, "purchase", "PO1", NOON)
    world = World({"stock-D1:I1": (wrong,)})
    sell = SellOut(**DEALER, sale="S1", quantity=1, amount=5, currency="CNY")
    world.refuses(sell, WrongHolder)
    correct = CorrectHolder(**DEALER, holder="dealer", reason="is a dealer's")
    corrected = StockHolderCorrected("dealer", "warehouse", "is a dealer's", 10, 0)
    assert world.ask(correct) == (corrected,)
    assert world.ask(correct) == ()
    world.refuses(correct.model_copy(update={"reason": "another"}), ReferenceTaken)
    world.ask(sell)
    back = correct.model_copy(update={"holder": "warehouse"})
    assert world.ask(back)[0].number == 2  # type: ignore[attr-defined]
    given(TEN).when(CorrectHolder(**HERE, holder="warehouse", reason="x")).refused(HeldAlready)
    given().when(correct).refused(Unknown)
    coming = StockExpected("warehouse", "T1", "W1", 4, NOON)
    given(coming).when(correct.model_copy(update=HERE)).refused(OnItsWay)


@pytest.mark.parametrize("kind", ["dealer", "retailer"])
def test_a_registered_dealers_stock_is_his_without_being_told(kind: Any) -> None:
    customer = CustomerRegistered("D1", kind, "li", "east", "shanghai", None, None, None)
    holder = "dealer" if kind == "dealer" else "warehouse"
    for command in (
        ReceiveStock(**DEALER, quantity=1, reference="R"),
        CountStock(**DEALER, counted=1, reference="C"),
    ):
        world = World({"customer-D1": (customer,)})
        assert world.ask(command)[0].holder == holder  # type: ignore[attr-defined]
    world = World({"customer-D1": (customer,), "stock-W1:I1": (TEN,)})
    sent = world.ask(TRANSFER.model_copy(update={"to_location": "D1"}))
    assert sent[-1].holder == holder  # type: ignore[attr-defined]


def test_a_cancelled_transfer_is_back_where_it_came_from() -> None:
    world = World({"stock-W1:I1": (TEN,)})
    world.ask(TRANSFER, ReceiveTransfer(**THERE, quantity=1))
    assert world.ask(CANCEL) == (
        StockDiverted("warehouse", "T1", "W1", 3, "truck broke down", NOON),
        StockTakenBack("warehouse", "T1", 3, NOON),
    )
    assert world.ask(CANCEL) == ()
    assert world.load(Stock, "W1:I1").on_hand == 9
    assert world.load(Stock, "W2:I1").transit == {}
    world.refuses(ReceiveTransfer(**THERE, quantity=3, receipt="R2"), Unknown)
    world.refuses(REDIRECT, ReferenceTaken)


def test_a_redirected_transfer_arrives_elsewhere() -> None:
    world = World({"stock-W1:I1": (TEN,)})
    world.ask(TRANSFER)
    assert world.ask(REDIRECT) == (
        StockDiverted("warehouse", "T1", "W3", 4, "needed there", NOON),
        StockExpected("warehouse", "T1", "W1", 4, NOON),
    )
    assert world.ask(REDIRECT) == ()
    world.refuses(CANCEL, ReferenceTaken)
    elsewhere = {**THERE, "location": "W3"}
    world.ask(ReceiveTransfer(**elsewhere, quantity=1))
    world.ask(CancelTransfer(**elsewhere, reason="x"))
    on_hand = [world.load(Stock, f"{place}:I1").on_hand for place in ("W1", "W2", "W3")]
    assert on_hand == [9, 0, 1]


def test_what_was_told_of_an_arrival_is_put_right_while_the_goods_are_there() -> None:
    world = World({"stock-W1:I1": (TEN,)})
    wrong = ReceiveTransfer(**THERE, quantity=1, lost=1)
    undo = ReverseArrival(**THERE, reason="miscounted")
    world.refuses(undo, Unknown)
    world.ask(TRANSFER, wrong)
    assert world.ask(undo) == (
        StockArrivalReversed("warehouse", "T1", "T1", -1, -1, "miscounted", NOON),
    )
    assert world.ask(undo) == ()
    world.refuses(wrong, ReferenceTaken)
    there: Stock = world.load(Stock, "W2:I1")
    assert (there.on_hand, there.transit) == (0, {"T1": 4})
    right = ReceiveTransfer(**THERE, quantity=4, receipt="R2")
    gone = IssueStock(location="W2", item="I1", quantity=1, reason="scrap", reference="x")
    world.ask(right, gone)
    assert "has arrived" in world.refuses(CANCEL, Unknown)
    again = undo.model_copy(update={"receipt": "R2"})
    assert "Undo what took the others" in world.refuses(again, NotEnough)


def test_the_lots_of_what_did_not_arrive_are_on_their_way_again() -> None:
    world = World({"stock-W1:I1": (TEN,)})
    lot = {"lot": "A", "reference": "r"}
    world.ask(ReceiveStock(location="W1", item="I1", quantity=5, **lot))
    world.ask(TRANSFER.model_copy(update={"lot": "A"}), ReceiveTransfer(**THERE, quantity=3))
    before: Stock = world.load(Stock, "W2:I1")
    assert (before.lots.on_hand, before.lots.coming) == (3, {"T1": {"I1:A": 1}})
    world.ask(ReverseArrival(**THERE, reason="miscounted"))
    after: Stock = world.load(Stock, "W2:I1")
    assert (after.lots.on_hand, after.lots.coming) == (0, {"T1": {"I1:A": 4}})


def test_only_what_is_on_its_way_is_cancelled_or_redirected() -> None:
    world = World({"stock-W1:I1": (TEN,)})
    world.refuses(CANCEL, Unknown)
    world.ask(TRANSFER)
    world.refuses(REDIRECT.model_copy(update={"to_location": "W2"}), NothingMoves)
    world.refuses(REDIRECT.model_copy(update={"to_location": "W1"}), NothingMoves)
    world.ask(ReceiveTransfer(**THERE, quantity=4))
    world.refuses(CANCEL, Unknown)
    shipped = StockExpected("warehouse", "T1", "W1", 4, NOON)
    given(shipped).when(CANCEL).refused(Shipped)


def test_a_sale_comes_back_in_parts_that_sum_to_it() -> None:
    world = World({"stock-D1:I1": (SOLD,)})
    back = [
        ReturnSellOut(**DEALER, sale="S1", return_id=name, quantity=1) for name in ("A", "B", "C")
    ]
    found = [world.ask(one)[0] for one in back]
    assert found[0] == SellOutReturned(
        "dealer", "S1", "A", 1, 34, "CNY", "m1", NOON, "li", "east", "shanghai", 1
    )
    assert sum(one.amount for one in found) == 100  # type: ignore[attr-defined]
    assert [world.ask(one) for one in back] == [(), (), ()]
    world.refuses(back[0].model_copy(update={"quantity": 2}), ReferenceTaken)
    world.refuses(back[0].model_copy(update={"return_id": "D"}), TooMuch)
    assert world.load(Stock, "D1:I1").on_hand == 0


def test_no_more_comes_back_than_was_sold() -> None:
    back = ReturnSellOut(**DEALER, sale="S1", return_id="A", quantity=3)
    given(SOLD).when(back.model_copy(update={"quantity": 4})).refused(TooMuch)
    given(SOLD).when(back.model_copy(update={"amount": 101})).refused(TooMuch)
    given().when(back).refused(Unknown)
    world = World({"stock-D1:I1": (SOLD,)})
    world.ask(back)
    world.refuses(reverse("sold", "S1", DEALER), ReturnedInPart)
    undone = World({"stock-D1:I1": (SOLD,)})
    undone.ask(reverse("sold", "S1", DEALER))
    undone.refuses(back, Unknown)


def test_an_issue_that_is_reversed_is_issued_anew() -> None:
    world = World({"stock-W1:I1": (TEN,)})
    issue = IssueStock(**HERE, quantity=3, reason="sale", reference="I1")
    world.ask(issue, reverse("issued", "I1"), issue.model_copy(update={"quantity": 2}))
    assert world.load(Stock, "W1:I1").on_hand == 8
