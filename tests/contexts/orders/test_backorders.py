"""Backorders: an order refused for want of stock is approved when its goods have come."""

from typing import Any

import pytest
from scenario import NOON

from aggregates import Event
from aggregates.inventory.lot import LotExpiryCorrected, LotReleased
from aggregates.inventory.stock import (
    StockAdjusted,
    StockArrived,
    StockCounted,
    StockReceived,
    StockReleased,
)
from aggregates.orders.backlog import Backlog, BacklogJoined, BacklogPaused
from aggregates.orders.order import OrderApprovalRefused, Shortage
from commands import Command
from commands.orders.backlog import JoinBacklog, ServeBacklog, ServeFromLot
from infra.events import Recorded
from services.bootstrap import PROCESSES
from services.processes.orders.backorders import idle, process, react

serve = ServeBacklog(location="W1", item="I1")
HOUSE = "warehouse"


def commands(stream: str, event: Any) -> list[Command]:
    assert type(event).__name__ in process.hears
    recorded = Recorded(
        1, stream, 1, "e1", type(event).__name__, 1, 0, 0, "a", "k", "c", None, "i", b"", b""
    )
    return list(react(recorded, event))


def test_a_refused_order_waits_for_each_item_it_lacks() -> None:
    short = Shortage("I1", 5, 1), Shortage("I2", 2, 0)
    refused = OrderApprovalRefused(short, "W1", "read", "boss")
    what = {"location": "W1", "order": "O1", "content": "read", "approver": "boss"}
    assert commands("order-O1", refused) == [
        JoinBacklog(item="I1", quantity=5, **what),
        JoinBacklog(item="I2", quantity=2, **what),
    ]


@pytest.mark.parametrize(
    "event",
    [
        StockReceived(HOUSE, 1, "purchase", "r", NOON),
        StockReleased(HOUSE, "O9", 1),
        StockArrived(HOUSE, "t", 1, 0, "t", NOON),
        StockAdjusted(HOUSE, 1, "found", "r", NOON),
        StockCounted(HOUSE, 5, 4, 1, NOON, "r", NOON),
    ],
    ids=lambda event: type(event).__name__,
)
def test_whatever_brings_goods_serves_who_waits(event: Event) -> None:
    assert commands("stock-W1:I1", event) == [serve]


@pytest.mark.parametrize(
    "event",
    [
        StockArrived(HOUSE, "t", 0, 1, "t", NOON),
        StockAdjusted(HOUSE, -1, "broken", "r", NOON),
        StockCounted(HOUSE, 3, 4, -1, NOON, "r", NOON),
    ],
    ids=lambda event: type(event).__name__,
)
def test_what_brings_nothing_serves_nobody(event: Event) -> None:
    assert commands("stock-W1:I1", event) == []


def test_what_may_be_issued_again_serves_who_waits_wherever_it_lies() -> None:
    for event in (LotReleased(NOON, "good"), LotExpiryCorrected(None, None, "label")):
        assert commands("lot-I1:A", event) == [ServeFromLot(item="I1", lot="A")]


def test_who_joins_late_is_looked_at_and_a_paused_step_goes_on() -> None:
    assert commands("backlog-W1:I1", BacklogJoined("O1", 1, "x", None)) == [serve]
    (more,) = commands("backlog-W1:I1", BacklogPaused("O7"))
    assert more == serve.model_copy(update={"after": "O7"})


def test_nobody_is_served_where_nobody_waits() -> None:
    somebody = Backlog.after([BacklogJoined("O1", 1, "x", None)])
    assert idle(serve, Backlog())
    assert not idle(serve, somebody)
    join = JoinBacklog(location="W1", item="I1", order="O1", quantity=1, content="x", approver=None)
    assert not idle(join, Backlog())


def test_only_processes_join_and_serve() -> None:
    assert process in PROCESSES
    asked = JoinBacklog, ServeBacklog, ServeFromLot
    assert not {kind.slug() for kind in asked} & set(Command.known)
