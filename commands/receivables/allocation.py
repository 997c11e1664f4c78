"""Which payments settle which invoices: by hand, or those first that are due first."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated

from pydantic import Field

from aggregates import Refused, refuse_unequal
from aggregates.customers.customer import Customer
from aggregates.receivables.account import CustomerAccount
from aggregates.receivables.invoice import BeyondOpen, Invoice
from aggregates.receivables.receipt import (
    AllocatedPart,
    PaymentAllocated,
    PaymentAllocationUndone,
    Receipt,
    ReceiptEvent,
)
from commands import Amount, Command, Decision, Id, Load, Text, registers
from commands.business import paying
from commands.naming import that_name
from commands.receivables.entries import invoice_entered, receipt_entered, that_are
from commands.taken_back import is_taken_back, refuse_taken_back


class OtherCustomer(Refused):
    """A payment settles invoices in its currency, of who paid and those that are one with him."""


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
            undoing = f"undone:{self.allocation}:"
            refuse_taken_back(load, Receipt, self.id, undoing, self.allocation)
            return
        receipt: Receipt = load(Receipt, self.id)
        parts = _parts(load, receipt, self.invoice, self.amount)
        for event in receipt.allocate(self.allocation, self.invoice, parts):
            yield self.stream, event
        for part in parts:
            invoice: Invoice = load(Invoice, part.invoice)
            payer = receipt.known().debtor.customer
            for paid in invoice.pay(self.id, payer, self.allocation, part.amount):
                yield Invoice.stream(part.invoice), paid
            yield from invoice_entered(load, part.invoice)
        yield from receipt_entered(load, self.id)


class UndoAllocation(Command, of=Receipt, when=lambda receipt: bool(receipt.allocations)):
    """Undo an allocation: the invoices are open again, and the payment is an advance."""

    allocation: Id
    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        undoing = f"undone:{self.allocation}:"
        if is_taken_back(load, Receipt, self.id, undoing, self.reason):
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
        payer = event.debtor.customer
        undo = invoice.undo_payment(receipt, payer, event.allocation, part.amount)
        yield Invoice.stream(part.invoice), undo
        yield from invoice_entered(load, part.invoice)


def set_free(load: Load, id: str, amount: int, credit_note: str) -> Iterator[Decision]:
    """Free what payments settle of an invoice that is credited by more than is open of it."""
    invoice: Invoice = load(Invoice, id)
    for receipt, allocation, freed in invoice.overpaid(amount):
        state: Receipt = load(Receipt, receipt)
        part = AllocatedPart(id, freed, _another(state, invoice))
        event = state.set_free(allocation, part, credit_note)
        yield Receipt.stream(receipt), event
        yield from undone(load, receipt, event)
        yield from receipt_entered(load, receipt)


def taken_apart(load: Load, customer: str, reason: str) -> Iterator[Decision]:
    """Between a customer, with those that are one with it, and all others nothing is settled."""
    together = that_are(load, customer)
    for one in sorted(_receipts(load, together)):
        receipt: Receipt = load(Receipt, one)
        for event in receipt.take_apart(together, customer, reason):
            yield Receipt.stream(one), event
            yield from undone(load, one, event)
            yield from receipt_entered(load, one)


def _receipts(load: Load, customers: Iterable[str]) -> set[str]:
    """What they paid, and what settles invoices of theirs."""
    found = set[str]()
    for customer in customers:
        found |= set(that_name(load, Customer, customer, Receipt))
        invoices = that_name(load, Customer, customer, Invoice)
        load.prefetch(Invoice, invoices)
        for one in invoices:
            paid: Invoice = load(Invoice, one)
            found |= {payment.partition(":")[0] for payment in paid.payments}
    load.prefetch(Receipt, found)
    return found


def _parts(
    load: Load, receipt: Receipt, invoice: str | None, amount: int | None
) -> tuple[AllocatedPart, ...]:
    """What settles which invoice: the amount, or as much as is left and open."""
    received = receipt.known()
    customer, currency = received.debtor.customer, received.currency
    if invoice is not None:
        _theirs(load, invoice, customer, currency)
    account: CustomerAccount = load(CustomerAccount, paying(load, customer))
    wanted = [invoice] if invoice is not None else account.invoices(currency)
    every = {one: load(Invoice, one) for one in wanted}
    total = sum(state.open for state in every.values())
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
    for one, state in every.items():
        if part := min(left, state.open):
            found.append(AllocatedPart(one, part, _another(receipt, state)))
            left -= part
    return tuple(found)


def _another(receipt: Receipt, invoice: Invoice) -> str | None:
    """Whose invoice it is, where that is not who paid."""
    whose = invoice.known().debtor.customer
    return None if whose == receipt.known().debtor.customer else whose


def _theirs(load: Load, id: str, customer: str, currency: str) -> None:
    invoice: Invoice = registers.found(load, Invoice, id)
    issued = invoice.known()
    whose = issued.debtor.customer
    if paying(load, whose) != paying(load, customer) or issued.currency != currency:
        raise OtherCustomer(
            f"Invoice {id} is {whose}'s, in {issued.currency}, and the payment {customer}'s, in"
            f" {currency}. Choose an invoice of {customer} in {currency}.",
            f"发票 {id} 属于 {whose}，币种 {issued.currency}；收款属于 {customer}，"
            f"币种 {currency}。请选择 {customer} 的 {currency} 发票。",
        )
