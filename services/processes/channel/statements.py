"""Statements: what a dealer gets, owes and pays is entered in his statement of the month."""

from collections.abc import Iterator
from typing import Any, get_args

from aggregates.calendar import business_day
from aggregates.channel.statement import StatementEntry
from aggregates.orders.order import OrderReturned, OrderReturnUndone, OrderShipped
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
from commands import Command
from commands.channel.statement import EnterStatementLine
from infra.clock import instant
from infra.events import Recorded
from services.processes import Process

Heard = (
    OrderShipped
    | OrderReturned
    | OrderReturnUndone
    | InvoiceIssued
    | InvoiceCredited
    | InvoiceCreditUndone
    | InvoiceWrittenOff
    | InvoiceWriteOffUndone
    | InvoicePaid
    | InvoicePaymentUndone
    | PaymentReceived
    | PaymentAllocated
    | PaymentAllocationUndone
    | PaymentRefunded
    | PaymentRefundUndone
    | PaymentBounced
)
DEALER = "dealer"
GOODS: dict[type[Any], tuple[StatementEntry, int]] = {
    OrderShipped: ("shipped", 1),
    OrderReturned: ("returned", -1),
    OrderReturnUndone: ("returned", 1),
}
MONEY: dict[type[Any], tuple[StatementEntry, int]] = {
    InvoiceIssued: ("invoiced", 1),
    InvoiceCredited: ("credited", -1),
    InvoiceCreditUndone: ("credited", 1),
    InvoiceWrittenOff: ("written_off", -1),
    InvoiceWriteOffUndone: ("written_off", 1),
    InvoicePaid: ("paid_by_another", -1),
    InvoicePaymentUndone: ("paid_by_another", 1),
    PaymentReceived: ("paid", -1),
    PaymentAllocated: ("paid_for_another", 1),
    PaymentAllocationUndone: ("paid_for_another", -1),
    PaymentRefunded: ("refunded", 1),
    PaymentRefundUndone: ("refunded", -1),
    PaymentBounced: ("bounced", 1),
}


def react(recorded: Recorded, event: Any) -> Iterator[Command]:
    goods = type(event) in GOODS
    who = event if goods else event.debtor
    if who.customer_kind != DEALER:
        return
    entry, sign = GOODS[type(event)] if goods else MONEY[type(event)]
    day = business_day(instant(recorded.occurred_at))
    worth = sign * sum(one.amount for one in event.lines) if goods else sign * _money(event)
    if not (goods or worth):
        return
    asked: dict[str, Any] = {
        "dealer": who.customer,
        "statement": f"{event.currency}-{day:%Y-%m}",
        "line": f"{recorded.stream}:{recorded.version}",
        "entry": entry,
        "document": recorded.key,
        "day": day,
        "currency": event.currency,
        "quantity": sign * sum(one.quantity for one in event.lines) if goods else 0,
        "goods": worth if goods else 0,
        "amount": 0 if goods else worth,
    }
    yield EnterStatementLine(**asked)


def _money(event: Any) -> int:
    """What is owed more or less; what settles an invoice does so only where another has paid."""
    match event:
        case InvoicePaid(payer=None) | InvoicePaymentUndone(payer=None):
            return 0
        case PaymentAllocated() | PaymentAllocationUndone():
            return sum(part.amount for part in event.parts if part.customer is not None)
    return int(event.amount)


def idle(command: Command, state: Any) -> bool:
    return isinstance(command, EnterStatementLine) and command.line in state.lines


process = Process("statements", get_args(Heard), react, idle)
