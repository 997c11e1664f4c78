"""Backorders: an order refused for want of stock is approved when its goods have come, if they
come while it waits.
"""

from collections.abc import Iterator
from typing import Any, get_args

from aggregates.inventory.lot import LotExpiryCorrected, LotReleased, ProductLot
from aggregates.inventory.stock import (
    Stock,
    StockAdjusted,
    StockArrived,
    StockCounted,
    StockReceived,
    StockRecounted,
    StockReleased,
    StockReversed,
    StockTakenBack,
    StockUnblocked,
)
from aggregates.orders.backlog import Backlog, BacklogJoined, BacklogPaused
from aggregates.orders.order import OrderApprovalRefused, SalesOrder
from commands import Command
from commands.orders.backlog import EndBackorder, JoinBacklog, ServeBacklog, ServeFromLot
from infra.events import Recorded
from services.processes import Process, Purpose, Schedule

Came = (
    StockReceived
    | StockReleased
    | StockArrived
    | StockAdjusted
    | StockCounted
    | StockRecounted
    | StockReversed
    | StockTakenBack
    | StockUnblocked
)
Usable = LotReleased | LotExpiryCorrected
"""What lay there all the time may be issued."""
Heard = OrderApprovalRefused | BacklogJoined | BacklogPaused | Came | Usable


def react(recorded: Recorded, event: Heard) -> Iterator[Command | Schedule]:
    match event:
        case OrderApprovalRefused():
            yield from _joins(recorded.key, event)
        case BacklogJoined(order, until=until):
            # What came between the refusal and this has been heard already.
            yield _serves(Backlog.parts(recorded.stream))
            if until is not None:
                yield Schedule("wait", SalesOrder.stream(order), until, EndBackorder(id=order))
        case BacklogPaused(after):
            yield _serves(Backlog.parts(recorded.stream), after)
        case LotReleased() | LotExpiryCorrected():
            item, lot = ProductLot.parts(recorded.stream)
            yield ServeFromLot.model_validate({"item": item, "lot": lot})
        case _ if _more(event):
            yield _serves(Stock.parts(recorded.stream))


def idle(command: Command, state: Any) -> bool:
    if isinstance(command, EndBackorder):
        return bool(state.status != "submitted")
    if isinstance(command, ServeFromLot):
        return bool(state.quarantined)
    return isinstance(command, ServeBacklog) and not state.waiting


def _joins(order: str, refused: OrderApprovalRefused) -> Iterator[Command]:
    asked: dict[str, Any] = {"content": refused.content, "approver": refused.approver}
    if refused.wait_until is not None:
        asked["until"] = refused.wait_until
    for short in refused.shortages:
        place = {"location": refused.warehouse, "item": short.item, "quantity": short.wanted}
        yield JoinBacklog.model_validate({"order": order, **place, **asked})


def _serves(place: tuple[str, str], after: str | None = None) -> Command:
    location, item = place
    return ServeBacklog.model_validate({"location": location, "item": item, "after": after})


def _more(event: Came) -> bool:
    """Whether more is available than before."""
    if isinstance(event, StockUnblocked):
        return event.outcome == "released"
    return (event.difference if isinstance(event, StockCounted) else event.quantity) > 0


process = Process("backorders", get_args(Heard), react, idle, [Purpose("wait", EndBackorder)])
