"""Receipts: what was paid, by whom and how, and what is left of it."""

from typing import Annotated, Any, Literal, NamedTuple

from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from aggregates.marks import Money
from aggregates.receivables.receipt import (
    PaymentAllocated,
    PaymentAllocationUndone,
    PaymentBounced,
    PaymentReceived,
    PaymentRefunded,
    PaymentRefundUndone,
    Receipt,
    Way,
)
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import INDEXED, INSTANT, MONEY, names, taking
from projections.engine.scopes import OF_CUSTOMER


class Allocation(TypedDict):
    allocation: str
    invoice: str
    amount: Money


class Row(NamedTuple):
    """`advance` is what is left: it settles no invoice, and was neither paid back nor bounced."""

    customer: Annotated[str, names("customer")] = ""
    customer_kind: str = ""
    status: Annotated[Literal["received", "bounced"], INDEXED] = "received"
    amount: Annotated[int, MONEY, INDEXED] = 0
    advance: Annotated[int, MONEY, INDEXED] = 0
    refunded: Annotated[int, MONEY] = 0
    currency: str = ""
    way: Annotated[Way, INDEXED] = "bank_transfer"
    reference: str | None = None
    rep: Annotated[str, names("rep")] = ""
    department: Annotated[str, names("department")] = ""
    region: Annotated[str, names("region")] = ""
    reason: str | None = None
    allocations: tuple[Allocation, ...] = ()
    received_at: Annotated[int, INSTANT, INDEXED] = 0


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    match event:
        case PaymentReceived(amount=amount):
            received = taking(taking(row, event), event.debtor)
            return received._replace(advance=amount, received_at=recorded.occurred_at)
        case PaymentAllocated(amount=amount):
            return _allocated(row._replace(advance=row.advance - amount), event, 1)
        case PaymentAllocationUndone(amount=amount):
            return _allocated(row._replace(advance=row.advance + amount), event, -1)
        case PaymentRefunded(amount=amount):
            return row._replace(advance=row.advance - amount, refunded=row.refunded + amount)
        case PaymentRefundUndone(amount=amount):
            return row._replace(advance=row.advance + amount, refunded=row.refunded - amount)
        case PaymentBounced(reason=reason):
            return row._replace(advance=0, status="bounced", reason=reason)
    raise TypeError(f"{type(event).__name__} is no event of a receipt")


def _allocated(row: Row, event: PaymentAllocated | PaymentAllocationUndone, sign: int) -> Row:
    amounts = {(one["allocation"], one["invoice"]): one["amount"] for one in row.allocations}
    for part in event.parts:
        named = event.allocation, part.invoice
        amounts[named] = amounts.get(named, 0) + sign * part.amount
    left = tuple(
        Allocation(allocation=allocation, invoice=invoice, amount=amount)
        for (allocation, invoice), amount in amounts.items()
        if amount
    )
    return row._replace(allocations=left)


record = Record("receipts", Receipt, Row, fold, scope=OF_CUSTOMER)
