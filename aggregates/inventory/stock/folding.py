"""What an event of a stock changes: only these fields, since stocks move all day."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aggregates.inventory.stock.events import (
    LotsExpected,
    LotsHeld,
    LotsMoved,
    ReceiptCostCorrected,
    SellOutReturned,
    SellOutReturnUndone,
    StockAdjusted,
    StockArrivalReversed,
    StockArrived,
    StockBlocked,
    StockCounted,
    StockDispatched,
    StockDiverted,
    StockEvent,
    StockExpected,
    StockFellShort,
    StockHolderCorrected,
    StockIssued,
    StockReceived,
    StockRecounted,
    StockReleased,
    StockReserved,
    StockReversed,
    StockShipped,
    StockSold,
    StockTakenBack,
    StockUnblocked,
)
from aggregates.inventory.stock.lots import blocking
from aggregates.inventory.stock.timeline import Count

if TYPE_CHECKING:
    from aggregates.inventory.stock import Stock


def change(stock: "Stock", event: StockEvent) -> dict[str, Any]:
    match event:  # what happens most stands first
        case StockIssued() | StockDispatched() | StockSold():
            return _moved(stock, event.moved_at, -event.quantity)
        case StockReserved(_, order, quantity):
            return _holding(stock, order, quantity)
        case StockReleased(_, order, quantity):
            return _holding(stock, order, -quantity)
        case (
            StockReceived()
            | StockAdjusted()
            | StockTakenBack()
            | SellOutReturned()
            | SellOutReturnUndone()
        ):
            return _moved(stock, event.moved_at, event.quantity)
        case StockShipped(_, order, _, quantity, at):
            return _holding(stock, order, -quantity) | _moved(stock, at, -quantity)
        case StockExpected(_, transfer, _, quantity):
            return {"transit": {**stock.transit, transfer: quantity}}
        case (
            StockArrived(_, transfer, quantity, lost)
            | StockArrivalReversed(transfer=transfer, quantity=quantity, lost=lost)
        ):
            transit = _changed(stock.transit, transfer, -quantity - lost)
            return {"transit": transit} | _moved(stock, event.moved_at, quantity)
        case StockDiverted(_, transfer, _, quantity):
            return {"transit": _changed(stock.transit, transfer, -quantity)}
        case StockCounted():
            return _counting(stock, event)
        case StockRecounted() | StockReversed():
            return _counted_otherwise(stock, event)
        case StockHolderCorrected() | StockFellShort() | ReceiptCostCorrected():
            return {}
        case StockBlocked() | StockUnblocked():
            return _blocking(stock, event)
        case LotsMoved() | LotsHeld() | LotsExpected():
            return {"lots": stock.lots.after(event)}


def _counted_otherwise(stock: "Stock", event: StockRecounted | StockReversed) -> dict[str, Any]:
    at, changes = event.moved_at, _moved(stock, event.moved_at, event.quantity)
    if isinstance(event, StockRecounted):
        past = changes["past"].recounted(at, event.count, event.quantity)
        return changes | {"past": past}
    if event.document == "counted":
        changes["past"] = changes["past"].without_count(at, event.reference)
        if stock.lots:
            changes["lots"] = stock.lots.without_count(at, event.reference)
    return changes


def _counting(stock: "Stock", event: StockCounted) -> dict[str, Any]:
    count = Count(event.counted_at, event.reference, event.counted, event.difference)
    # Dated when it was counted: older builds gave the same instant twice.
    changes = _moved(stock, event.counted_at, event.difference)
    if event.lot is not None:
        return changes | {"lots": stock.lots.counted(event.lot, count)}
    return changes | {"past": changes["past"].with_count(count)}


def _holding(stock: "Stock", order: str, quantity: int) -> dict[str, Any]:
    left = stock.orders.get(order, 0) + quantity
    return {
        "reserved": stock.reserved + quantity,
        "orders": stock.orders.changed(order, left or None),
    }


def _blocking(stock: "Stock", event: StockBlocked | StockUnblocked) -> dict[str, Any]:
    change = event.quantity if isinstance(event, StockBlocked) else -event.quantity
    changes: dict[str, Any] = {"blocks": _changed(stock.blocks, event.reference, change)}
    if event.lots:
        changes["lots"] = stock.lots.holding(blocking(event.reference), event.lots)
    return changes


def _moved(stock: "Stock", at: datetime, quantity: int) -> dict[str, Any]:
    return {"on_hand": stock.on_hand + quantity, "past": stock.past.moved(at, quantity)}


def _changed(quantities: Mapping[str, int], key: str, by: int) -> Mapping[str, int]:
    if left := quantities.get(key, 0) + by:
        return {**quantities, key: left}
    return {other: quantity for other, quantity in quantities.items() if other != key}
