"""Where an order is: how far each of its lines has come, when each step was taken and by whom."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from aggregates.orders.order import (
    PROMISED,
    OrderApproved,
    OrderCancelled,
    OrderDrafted,
    OrderExchanged,
    OrderLossCredited,
    OrderRejected,
    OrderReservationLapsed,
    OrderReturned,
    OrderShipped,
    OrderStepSigned,
    OrderSubmitted,
    SalesOrder,
)
from aggregates.orders.shipment import ShipmentDelivered, ShipmentDispatched, ShipmentPicked
from aggregates.receivables.invoice import InvoiceIssued, InvoicePaid, InvoicePaymentUndone
from infra.clock import iso
from infra.events import Recorded

OF_ORDER = {
    OrderDrafted: "drafted",
    OrderSubmitted: "submitted",
    OrderApproved: "reserved",
    OrderReservationLapsed: "released",
    OrderRejected: "rejected",
    OrderCancelled: "cancelled",
}


class Happened(NamedTuple):
    """An event with its envelope."""

    recorded: Recorded
    event: Any


def progress(events: Sequence[Happened], *, amounts: bool) -> dict[str, Any]:
    """Of all that happened with an order, its shipments and its invoices, in order of the log; how
    much was invoiced and paid only where `amounts` may be told.
    """
    order = SalesOrder.after(e.event for e in events if e.recorded.kind == SalesOrder.kind)
    steps = [step for each in events for step in _steps(each, order)]
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


def _steps(happened: Happened, order: SalesOrder) -> Iterable[dict[str, Any]]:
    recorded, event = happened
    said: dict[str, Any] = {"at": iso(recorded.occurred_at), "by": recorded.actor}
    said |= {"document": None, "lines": {}}
    match event:
        case OrderStepSigned():
            signed = {"document": event.shipment, "role": event.role, "note": event.note}
            yield {"step": f"{event.step}_signed", **said, **signed}
        case ShipmentPicked():
            yield {"step": "picked", **said, **_of(event.consignment.shipment, event.lines)}
        case ShipmentDispatched():
            carried = {"carrier": event.carrier, "tracking_number": event.tracking_number}
            yield {"step": "dispatched", **said, "document": event.consignment.shipment, **carried}
        case ShipmentDelivered():
            sent = order.shipments.get(event.shipment, ())
            yield {"step": "arrived", **said, **_of(event.shipment, sent), "proof": event.proof}
        case InvoiceIssued():
            yield {"step": "invoiced", **said, **_of(recorded.key, event.lines)}
        case InvoicePaid() | InvoicePaymentUndone():
            step = "paid" if isinstance(event, InvoicePaid) else "payment_undone"
            yield {"step": step, **said, "document": recorded.key, "amount": event.amount}
        case OrderShipped():
            yield {"step": "shipped", **said, **_of(event.shipment, event.lines)}
        case OrderReturned():
            yield {"step": "returned", **said, **_of(event.return_id, event.lines)}
        case OrderExchanged():
            yield {"step": "exchanged", **said, "document": event.replacement}
        case OrderLossCredited():
            yield {"step": "lost", **said, **_of(event.loss, event.lines)}
        case _ if type(event) in OF_ORDER:
            yield {"step": OF_ORDER[type(event)], **said}


def _of(document: str, lines: Iterable[Any]) -> dict[str, Any]:
    return {"document": document, "lines": {line.line: line.quantity for line in lines}}


def _line(order: SalesOrder, number: int, steps: Sequence[dict[str, Any]]) -> dict[str, Any]:
    line, mine = order.lines[number - 1], [one for one in steps if number in one["lines"]]
    left = order.open.get(number, 0)

    def done(step: str) -> int:
        return sum(one["lines"][number] for one in mine if one["step"] == step)

    waiting = [one for one in mine if one["step"] == "picked"]
    picked = [one for one in waiting if one["document"] not in order.shipments]
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
