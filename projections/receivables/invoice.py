"""Invoices: of which delivery, when they are due, and what is open."""

from typing import Annotated, Any, NamedTuple

from aggregates.receivables.invoice import (
    Invoice,
    InvoiceCredited,
    InvoiceCreditUndone,
    InvoiceIssued,
    InvoiceLine,
    InvoicePaid,
    InvoicePaymentUndone,
    InvoiceWriteOffUndone,
    InvoiceWrittenOff,
)
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import DAY, INDEXED, INSTANT, MONEY, names, taking
from projections.engine.scopes import OF_CUSTOMER


class Row(NamedTuple):
    """`open` is `amount` less what is credited, written off and paid."""

    order: Annotated[str, names("order")] = ""
    shipment: str = ""
    customer: Annotated[str, names("customer")] = ""
    customer_kind: str = ""
    amount: Annotated[int, MONEY, INDEXED] = 0
    credited: Annotated[int, MONEY] = 0
    written_off: Annotated[int, MONEY] = 0
    paid: Annotated[int, MONEY] = 0
    open: Annotated[int, MONEY, INDEXED] = 0
    currency: str = ""
    due: Annotated[str, DAY, INDEXED] = ""
    rep: Annotated[str, names("rep")] = ""
    department: Annotated[str, names("department")] = ""
    region: Annotated[str, names("region")] = ""
    lines: tuple[InvoiceLine, ...] = ()
    issued_at: Annotated[int, INSTANT, INDEXED] = 0


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    match event:
        case InvoiceIssued(amount=amount):
            issued = taking(taking(row, event), event.debtor)
            return issued._replace(open=amount, issued_at=recorded.occurred_at)
        case InvoiceCredited(amount=amount):
            return row._replace(credited=row.credited + amount, open=row.open - amount)
        case InvoiceCreditUndone(amount=amount):
            return row._replace(credited=row.credited - amount, open=row.open + amount)
        case InvoiceWrittenOff(amount=amount):
            return row._replace(written_off=row.written_off + amount, open=row.open - amount)
        case InvoiceWriteOffUndone(amount=amount):
            return row._replace(written_off=row.written_off - amount, open=row.open + amount)
        case InvoicePaid(amount=amount):
            return row._replace(paid=row.paid + amount, open=row.open - amount)
        case InvoicePaymentUndone(amount=amount):
            return row._replace(paid=row.paid - amount, open=row.open + amount)
    raise TypeError(f"{type(event).__name__} is no event of an invoice")


record = Record("invoices", Invoice, Row, fold, scope=OF_CUSTOMER)
