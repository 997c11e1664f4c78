"""Where an order is: how far each of its lines has come, when each step was taken and by whom."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from aggregates.inventory.stock import Stock, StockArrivalReversed, StockArrived
from aggregates.orders.order import (
    PROMISED,
    OrderApproved,
    OrderCancelled,
    OrderDrafted,
    OrderExchanged,
    OrderLossCredited,
    OrderLossUndone,
    OrderRejected,
    OrderReservationLapsed,
    OrderReturned,
    OrderReturnUndone,
    OrderShipped,
    OrderSignatureUndone,
    OrderStepSigned,
    OrderSubmitted,
    SalesOrder,
)
from aggregates.orders.shipment import (
    ShipmentDelivered,
    ShipmentDeliveryUndone,
    ShipmentDispatched,
    ShipmentPickCancelled,
    ShipmentPicked,
)
from aggregates.receivables.invoice import InvoiceIssued, InvoicePaid, InvoicePaymentUndone
from infra.clock import iso
from infra.events import Recorded

PLAIN = {
    OrderDrafted: "drafted",
    OrderSubmitted: "submitted",
    OrderApproved: "reserved",
    OrderReservationLapsed: "released",
    OrderRejected: "rejected",
    OrderCancelled: "cancelled",
    ShipmentPickCancelled: "put_back",
}
"""What is told of without quantities."""


class Happened(NamedTuple):
    """An event with its envelope."""

    recorded: Recorded
    event: Any


def progress(events: Sequence[Happened], *, amounts: bool) -> dict[str, Any]:
    """Of all that happened with an order, its shipments, their arrival and its invoices, in order
    of the log; how much was invoiced and paid only where `amounts` may be told.
    """
    order = SalesOrder.after(e.event for e in events if e.recorded.kind == SalesOrder.kind)
    on_the_way = OnTheWay(order)
    steps = [step for each in events for step in _steps(each, on_the_way)]
    left = {"lines"} if amounts else {"lines", "amount"}
    return {
        "status": order.status,
        "customer": order.known().customer,
        "currency": order.known().currency,
        "amount": sum(line.amount for line in order.lines),
        **(_money(events) if amounts else dict.fromkeys(("invoiced", "paid"))),
        "lines": [_line(order, number, steps) for number in range(1, len(order.lines) + 1)],
        "steps": [{name: one for name, one in step.items() if name not in left} for step in steps],
    }


class OnTheWay:
    """What of each shipment has not arrived, as what happened is gone through."""

    def __init__(self, order: SalesOrder) -> None:
        self._lines = {
            shipment: {sent.line: sent.quantity for sent in lines}
            for shipment, lines in order.shipments.items()
        }
        self._items = {line.line: line.item for line in order.lines}
        self._told: dict[tuple[str, ...], dict[int, int]] = {}

    def taken(
        self,
        shipment: str,
        item: str | None = None,
        quantity: int | None = None,
        *by: str,
    ) -> dict[int, int]:
        """So many of an item by line, or all that is left, which are on their way no more: `by`
        what they were told to have come.
        """
        left, found = self._lines.get(shipment, {}), dict[int, int]()
        for line, there in left.items():
            if item in (None, self._items[line]):
                take = there if quantity is None else min(there, quantity)
                quantity = None if quantity is None else quantity - take
                if take:
                    found[line] = take
        left.update({line: left[line] - take for line, take in found.items()})
        self._told[(shipment, *by)] = found
        return found

    def again(self, shipment: str, *by: str) -> dict[int, int]:
        """What was told to have come by that, and is on its way after all."""
        found, left = self._told.pop((shipment, *by), {}), self._lines.get(shipment, {})
        left.update({line: left[line] + back for line, back in found.items()})
        return found


def _steps(happened: Happened, on_the_way: OnTheWay) -> Iterable[dict[str, Any]]:
    recorded, event = happened
    said: dict[str, Any] = {"at": iso(recorded.occurred_at), "by": recorded.actor}
    said |= {"document": None, "lines": {}}
    match event:
        case OrderStepSigned() | OrderSignatureUndone():
            yield {**said, **_signature(event)}
        case ShipmentPicked():
            yield {"step": "picked", **said, **_of(event.consignment.shipment, event.lines)}
        case ShipmentDispatched():
            carried = {"carrier": event.carrier, "tracking_number": event.tracking_number}
            yield {"step": "dispatched", **said, "document": event.consignment.shipment, **carried}
        case ShipmentDelivered() | ShipmentDeliveryUndone():
            yield {**said, **_delivery(event, on_the_way)}
        case StockArrived(transfer=shipment) | StockArrivalReversed(transfer=shipment):
            step, lines = _arrival(recorded, event, on_the_way)
            if lines:
                yield {"step": step, **said, "document": shipment, "lines": lines}
        case InvoiceIssued():
            yield {"step": "invoiced", **said, **_of(recorded.key, event.lines)}
        case InvoicePaid() | InvoicePaymentUndone():
            step = "paid" if isinstance(event, InvoicePaid) else "payment_undone"
            yield {"step": step, **said, "document": recorded.key, "amount": event.amount}
        case OrderShipped():
            yield {"step": "shipped", **said, **_of(event.shipment, event.lines)}
        case OrderReturned() | OrderReturnUndone():
            step = "returned" if isinstance(event, OrderReturned) else "returned_undone"
            yield {"step": step, **said, **_of(event.return_id, event.lines)}
        case OrderExchanged():
            yield {"step": "exchanged", **said, "document": event.replacement}
        case OrderLossCredited() | OrderLossUndone():
            step = "lost" if isinstance(event, OrderLossCredited) else "lost_undone"
            yield {"step": step, **said, **_of(event.loss, event.lines)}
        case _ if type(event) in PLAIN:
            yield {"step": PLAIN[type(event)], **said, "document": getattr(event, "shipment", None)}


def _delivery(
    event: ShipmentDelivered | ShipmentDeliveryUndone, on_the_way: OnTheWay
) -> dict[str, Any]:
    shipment = event.shipment
    if isinstance(event, ShipmentDeliveryUndone):
        lines = on_the_way.again(shipment)
        return {"step": "arrived_undone", "document": shipment, "lines": lines}
    came = {"document": shipment, "lines": on_the_way.taken(shipment)}
    return {"step": "arrived", **came, "proof": event.proof}


def _arrival(
    recorded: Recorded, event: StockArrived | StockArrivalReversed, on_the_way: OnTheWay
) -> tuple[str, dict[int, int]]:
    _, item = Stock.parts(recorded.stream)
    by = item, event.receipt
    if isinstance(event, StockArrivalReversed):
        return "arrived_undone", on_the_way.again(event.transfer, *by)
    lines = on_the_way.taken(event.transfer, item, event.quantity, *by)
    on_the_way.taken(event.transfer, item, event.lost, item, event.receipt, "lost")
    return "arrived", lines


def _signature(event: OrderStepSigned | OrderSignatureUndone) -> dict[str, Any]:
    if isinstance(event, OrderSignatureUndone):
        return {"step": f"{event.step}_unsigned", "document": event.shipment}
    signed = {"document": event.shipment, "role": event.role, "note": event.note}
    return {"step": f"{event.step}_signed", **signed}


def _of(document: str, lines: Iterable[Any]) -> dict[str, Any]:
    return {"document": document, "lines": {line.line: line.quantity for line in lines}}


def _line(order: SalesOrder, number: int, steps: Sequence[dict[str, Any]]) -> dict[str, Any]:
    line, mine = order.lines[number - 1], [one for one in steps if number in one["lines"]]
    left = order.open.get(number, 0)

    def told(step: str) -> int:
        return sum(one["lines"][number] for one in mine if one["step"] == step)

    def done(step: str) -> int:
        return told(step) - told(f"{step}_undone")

    waiting = [one for one in mine if one["step"] == "picked"]
    gone = {*order.shipments, *(one["document"] for one in steps if one["step"] == "put_back")}
    picked = [one for one in waiting if one["document"] not in gone]
    named = "shipped", "arrived", "returned", "lost", "invoiced"
    return {
        "line": number,
        "item": line.item,
        "ordered": line.quantity,
        "reserved": left if order.status in PROMISED else 0,
        "picked": sum(one["lines"][number] for one in picked),
        **{name: done(name) for name in named},
        "steps": [
            {name: one[name] for name in ("step", "at", "by", "document")}
            | {"quantity": one["lines"][number]}
            for one in mine
        ],
    }


def _money(events: Iterable[Happened]) -> dict[str, int]:
    invoiced = paid = 0
    for _, event in events:
        match event:
            case InvoiceIssued():
                invoiced += event.amount
            case InvoicePaid():
                paid += event.amount
            case InvoicePaymentUndone():
                paid -= event.amount
    return {"invoiced": invoiced, "paid": paid}
