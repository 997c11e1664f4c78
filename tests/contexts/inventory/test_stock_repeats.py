"""A document counts once for ever, and what differs from the record is never dropped."""

from datetime import timedelta
from typing import Any

import pytest
from scenario import NOON, World

from aggregates import ReferenceTaken
from aggregates.customers.customer import CustomerRegistered
from aggregates.inventory.stock import Stock, StockReceived
from aggregates.inventory.stock.refusals import ReceiptMissing
from commands import Command
from commands.inventory.stock import (
    AdjustStock,
    CountStock,
    IssueStock,
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
    ReverseMovement,
)

HOUR = timedelta(hours=1)
HERE = {"location": "W1", "item": "I1"}
DEALER = {"location": "D1", "item": "I1"}
FULL = StockReceived("warehouse", 1_000, "opening", "OPEN", NOON - HOUR)
SALE = SellOut(**DEALER, sale="S1", quantity=4, amount=400, currency="CNY", member="m1")
SENT = TransferStock(transfer="T1", from_location="W1", to_location="W2", item="I1", quantity=8)
THERE = {"location": "W2", "item": "I1", "transfer": "T1"}

ASKED: list[tuple[Command, list[Command], dict[str, Any]]] = [
    (ReceiveStock(**HERE, quantity=3, reference="R1"), [], {"quantity": 4, "reason": "found"}),
    (
        IssueStock(**HERE, quantity=3, reason="sale", reference="R1"),
        [],
        {"quantity": 4, "reason": "scrap"},
    ),
    (
        AdjustStock(**HERE, quantity=3, reason="x", reference="R1"),
        [],
        {"quantity": 2, "reason": "y"},
    ),
    (CountStock(**HERE, counted=990, reference="R1"), [], {"counted": 991}),
    (SALE, [], {"quantity": 5, "amount": 401, "currency": "USD", "member": "m2"}),
    (SENT, [], {"to_location": "W3", "quantity": 9}),
    (ReceiveTransfer(**THERE, quantity=4, receipt="A"), [SENT], {"quantity": 3, "lost": 1}),
    (
        ReturnSellOut(**DEALER, sale="S1", return_id="B1", quantity=2),
        [SALE],
        {"quantity": 1, "amount": 7},
    ),
    (
        ReverseMovement(**DEALER, document="sold", reference="S1", reason="typing error"),
        [SALE],
        {"reason": "another"},
    ),
    (CancelTransfer(**THERE, reason="lost truck"), [SENT], {"reason": "another"}),
    (
        RedirectTransfer(**THERE, to_location="W3", reason="needed there"),
        [SENT],
        {"reason": "another", "to_location": "W4"},
    ),
    (CorrectHolder(**HERE, holder="dealer", reason="is a dealer"), [], {"reason": "another"}),
]
CHANGED = [
    pytest.param(command, before, {name: value}, id=f"{command.slug()}-{name}")
    for command, before, fields in ASKED
    for name, value in fields.items()
]


@pytest.mark.parametrize(("command", "before"), [one[:2] for one in ASKED])
def test_what_is_told_twice_happens_once(command: Command, before: list[Command]) -> None:
    world = World({"stock-W1:I1": (FULL,)})
    world.ask(*before)
    assert world.ask(command)
    assert world.ask(command, at=NOON + HOUR) == ()


@pytest.mark.parametrize(("command", "before", "change"), CHANGED)
def test_what_differs_is_refused_by_name(
    command: Command, before: list[Command], change: dict[str, Any]
) -> None:
    world = World({"stock-W1:I1": (FULL,)})
    world.ask(*before, command)
    other = command.model_copy(update=change)
    (name,) = change
    assert name in world.refuses(other, ReferenceTaken)


def test_a_moment_that_was_told_is_compared_and_one_that_was_not_is_left_open() -> None:
    world = World({"stock-W1:I1": (FULL,)})
    received = ReceiveStock(**HERE, quantity=3, reference="R1", occurred_at=NOON)
    world.ask(received)
    other = received.model_copy(update={"occurred_at": NOON + HOUR})
    assert "moved_at" in world.refuses(other, ReferenceTaken, at=NOON + HOUR)
    assert world.ask(received.model_copy(update={"occurred_at": None}), at=NOON + HOUR) == ()


def test_a_document_counts_once_however_many_came_between() -> None:
    world = World()
    first = ReceiveStock(**HERE, quantity=1, reference="DN-1")
    world.ask(first, *(ReceiveStock(**HERE, quantity=1, reference=f"P{n}") for n in range(200)))
    assert world.ask(first) == ()
    assert world.load(Stock, "W1:I1").on_hand == 201


def test_a_sale_is_the_same_whoever_looks_after_the_dealer_by_now() -> None:
    world = World()
    world.ask(SALE)
    dealer = CustomerRegistered("D1", "dealer", "li", "east", "shanghai", None, None, None)
    world.streams["customer-D1"] = (dealer,)
    world.states.clear()
    assert world.ask(SALE) == ()


def test_a_second_part_without_a_receipt_asks_for_one() -> None:
    """What is still on its way is never left there: it is received, or said to be lost."""
    world = World({"stock-W1:I1": (FULL,)})
    half = ReceiveTransfer(**THERE, quantity=4)
    world.ask(SENT, half)
    world.refuses(half, ReceiptMissing)
    lost = ReceiveTransfer(**THERE, quantity=0, lost=4)
    world.refuses(lost, ReceiptMissing)
    world.ask(lost.model_copy(update={"receipt": "R2"}))
    assert world.load(Stock, "W2:I1").transit == {}
    assert world.ask(half) == ()
    world.refuses(lost, ReferenceTaken)
