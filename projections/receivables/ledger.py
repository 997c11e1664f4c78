"""What customers owe and what they paid, by the day on which it is due."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from aggregates.marks import Money
from aggregates.receivables.invoice import (
    InvoiceCredited,
    InvoiceCreditUndone,
    InvoiceIssued,
    InvoicePaid,
    InvoicePaymentUndone,
    InvoiceWriteOffUndone,
    InvoiceWrittenOff,
)
from aggregates.receivables.receipt import (
    PaymentAllocated,
    PaymentAllocationUndone,
    PaymentBounced,
    PaymentReceived,
    PaymentRefunded,
    PaymentRefundUndone,
)
from projections.engine import EventHeader, View
from projections.engine.figure import Figure
from projections.engine.scopes import OF_CUSTOMER


class Change(NamedTuple):
    customer: str
    customer_kind: str
    currency: str
    rep: str
    department: str
    region: str
    due: str  # empty where it is an advance, which is never due
    invoiced: Money = 0
    credited: Money = 0
    written_off: Money = 0
    paid: Money = 0
    open: Money = 0
    received: Money = 0
    refunded: Money = 0
    bounced: Money = 0
    advance: Money = 0


MEASURES = (
    "invoiced",
    "credited",
    "written_off",
    "paid",
    "open",
    "received",
    "refunded",
    "bounced",
    "advance",
)


def rows(_: EventHeader, event: Any) -> Iterator[Change]:
    match event:
        case InvoiceIssued(amount=amount):
            yield _of(event, invoiced=amount, open=amount)
        case InvoiceCredited(amount=amount):
            yield _of(event, credited=amount, open=-amount)
        case InvoiceCreditUndone(amount=amount):
            yield _of(event, credited=-amount, open=amount)
        case InvoiceWrittenOff(amount=amount):
            yield _of(event, written_off=amount, open=-amount)
        case InvoiceWriteOffUndone(amount=amount):
            yield _of(event, written_off=-amount, open=amount)
        case InvoicePaid(amount=amount):
            yield _of(event, paid=amount, open=-amount)
        case InvoicePaymentUndone(amount=amount):
            yield _of(event, paid=-amount, open=amount)
        case PaymentReceived(amount=amount):
            yield _of(event, received=amount, advance=amount)
        case PaymentAllocated(amount=amount):
            yield _of(event, advance=-amount)
        case PaymentAllocationUndone(amount=amount):
            yield _of(event, advance=amount)
        case PaymentRefunded(amount=amount):
            yield _of(event, refunded=amount, advance=-amount)
        case PaymentRefundUndone(amount=amount):
            yield _of(event, refunded=-amount, advance=amount)
        case PaymentBounced(amount=amount):
            yield _of(event, bounced=amount, advance=-amount)


def _of(event: Any, **measures: int) -> Change:
    who = event.debtor
    return Change(
        who.customer,
        who.customer_kind,
        event.currency,
        who.rep,
        who.department,
        who.region,
        event.due.isoformat() if hasattr(event, "due") else "",
        **measures,
    )


view = View(
    name="receivables",
    kinds=frozenset({"invoice", "receipt"}),
    change=Change,
    measures=MEASURES,
    rows=rows,
    indexes=(("customer",), ("due",)),
    scope=OF_CUSTOMER,
)


figure = Figure(
    "receivables",
    "/receivables",
    view,
    """What customers owe: invoiced, less what was credited, written off and paid, is open.

    Of what was received, the advance is what settles no invoice yet.
    """,
    key=("customer", "currency"),
    days=True,
)
