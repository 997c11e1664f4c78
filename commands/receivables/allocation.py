"""Which payments settle which invoices: by hand, or those first that are due first."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from pydantic import Field

from aggregates import Refused, refuse_unequal
from aggregates.receivables.account import CustomerAccount
from aggregates.receivables.invoice import BeyondOpen, Invoice
from aggregates.receivables.receipt import (
    AllocatedPart,
    PaymentAllocated,
    PaymentAllocationUndone,
    Receipt,
    ReceiptEvent,
)
from commands import Amount, Command, Decision, Id, Load, Text
from commands.receivables.entries import invoice_entered, paying, receipt_entered


class OtherCustomer(Refused):
    """A payment settles invoices of the customer who paid, in the currency that was paid."""


class NothingOpen(Refused):
    """Where nothing is open, a payment stays an advance."""


class AllocateReceipt(Command, of=Receipt, when=lambda receipt: receipt.left > 0):
    """Let a payment settle an invoice; without one, its customer's invoices that are due first."""

    allocation: Id
    invoice: Id | None = None
    amount: Annotated[Amount, Field(gt=0)] | None = Field(
        None, description="As much as is left of the payment and open, unless told otherwise."
    )

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        under = f"allocation:{self.allocation}"
        before: PaymentAllocated | None = load.event(Receipt, self.id, under)
        if before is not None:
            amount = before.amount if self.amount is None else self.amount
            refuse_unequal(
                ("invoice", before.invoice, self.invoice), ("amount", before.amount, amount)
            )
            return
        receipt: Receipt = load(Receipt, self.id)
        parts = _parts(load, receipt, self.invoice, self.amount)
        for event in receipt.allocate(self.allocation, self.invoice, parts):
            yield self.stream, event
        for part in parts:
            invoice: Invoice = load(Invoice, part.invoice)
            for paid in invoice.pay(self.id, self.allocation, part.amount):
                yield Invoice.stream(part.invoice), paid
            yield from invoice_entered(load, part.invoice)
        yield from receipt_entered(load, self.id)


class UndoAllocation(Command, of=Receipt, when=lambda receipt: bool(receipt.allocations)):
    """Undo an allocation: the invoices are open again, and the payment is an advance."""

    allocation: Id
    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        before = load.event(Receipt, self.id, f"undone:{self.allocation}:")
        if before is not None:
            refuse_unequal(("reason", before.reason, self.reason))
            return
        for event in load(Receipt, self.id).undo(self.allocation, self.reason):
            yield self.stream, event
            yield from undone(load, self.id, event)
            yield from receipt_entered(load, self.id)


def undone(load: Load, receipt: str, event: ReceiptEvent) -> Iterator[Decision]:
    """The invoices that a payment settles no longer are open again."""
    if not isinstance(event, PaymentAllocationUndone):
        return
    for part in event.parts:
        invoice: Invoice = load(Invoice, part.invoice)
        undo = invoice.undo_payment(receipt, event.allocation, part.amount)
        yield Invoice.stream(part.invoice), undo
        yield from invoice_entered(load, part.invoice)


def set_free(load: Load, id: str, amount: int, credit_note: str) -> Iterator[Decision]:
    """Free what payments settle of an invoice that is credited by more than is open of it."""
    invoice: Invoice = load(Invoice, id)
    for receipt, allocation, freed in invoice.overpaid(amount):
        state: Receipt = load(Receipt, receipt)
        part = AllocatedPart(id, freed)
        event = state.set_free(allocation, part, credit_note)
        yield Receipt.stream(receipt), event
        yield from undone(load, receipt, event)
        yield from receipt_entered(load, receipt)


def _parts(
    load: Load, receipt: Receipt, invoice: str | None, amount: int | None
) -> tuple[AllocatedPart, ...]:
    """What settles which invoice: the amount, or as much as is left and open."""
    received = receipt.known()
    customer, currency = received.debtor.customer, received.currency
    if invoice is not None:
        _theirs(load(Invoice, invoice), invoice, customer, currency)
    wanted = [invoice] if invoice is not None else _open_invoices(load, customer, currency)
    every = {one: load(Invoice, one).open for one in wanted}
    total = sum(every.values())
    if total == 0:
        raise NothingOpen(
            f"Nothing is open in {currency} that the payment of {customer} could settle."
            " Leave it as an advance, or undo what settles an invoice: undo-allocation.",
            f"没有可由 {customer} 的这笔 {currency} 收款核销的未结金额。"
            "请保留为预收款，或先撤销核销：undo-allocation。",
        )
    left = receipt.usable(min(receipt.left, total) if amount is None else amount)
    if left > total:
        raise BeyondOpen(left, total, currency)
    found = []
    for one, open_amount in every.items():
        if part := min(left, open_amount):
            found.append(AllocatedPart(one, part))
            left -= part
    return tuple(found)


def _open_invoices(load: Load, customer: str, currency: str) -> list[str]:
    account: CustomerAccount = load(CustomerAccount, paying(load, customer))
    every = ((one, load(Invoice, one)) for one in account.invoices(currency))
    return [one for one, state in every if state.known().debtor.customer == customer]


def _theirs(invoice: Invoice, id: str, customer: str, currency: str) -> None:
    issued = invoice.known()
    whose = issued.debtor.customer, issued.currency
    if whose != (customer, currency):
        raise OtherCustomer(
            f"Invoice {id} is {whose[0]}'s, in {whose[1]}, and the payment {customer}'s, in"
            f" {currency}. Choose an invoice of {customer} in {currency}.",
            f"发票 {id} 属于 {whose[0]}，币种 {whose[1]}；收款属于 {customer}，币种 {currency}。"
            f"请选择 {customer} 的 {currency} 发票。",
        )
