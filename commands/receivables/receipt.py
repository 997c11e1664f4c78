"""What may be asked about payments that customers make."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from typing import Annotated

from pydantic import Field

from aggregates import Aggregate, ReferenceTaken, refuse_unequal
from aggregates.customers.customer import Customer
from aggregates.receivables.account import CustomerAccount, PaymentReferenceUsed
from aggregates.receivables.debtor import Debtor
from aggregates.receivables.numbers import ReceiptNumbers
from aggregates.receivables.receipt import (
    PaymentReceived,
    PaymentRefunded,
    PaymentRefundUndone,
    Receipt,
    Way,
)
from aggregates.words import in_chinese
from commands import Amount, Command, Currency, Decision, Id, Load, Text, registers
from commands.business import paying
from commands.numbers import Numbered
from commands.receivables.allocation import undone
from commands.receivables.entries import accounts_of, receipt_entered
from commands.taken_back import is_taken_back, refuse_taken_back

Paid = Annotated[Amount, Field(gt=0)]


class ReceivePayment(Numbered, of=Receipt):
    """Record a payment of a customer. It is an advance until it is allocated: allocate-receipt.

    `reference` is the customer's, such as a cheque's number: of each way it stands for one payment.
    """

    numbers = ReceiptNumbers

    customer: Id
    amount: Paid
    currency: Currency
    way: Way = "bank_transfer"
    reference: Text | None = None

    def touches(self) -> Iterator[tuple[type[Aggregate], str]]:
        yield Receipt, self.id
        yield Customer, self.customer
        yield CustomerAccount, self.customer

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        before: PaymentReceived | None = load.event(Receipt, self.id, "received")
        if before is not None:
            told = "amount", "currency", "way", "reference"
            same = ((name, getattr(before, name), getattr(self, name)) for name in told)
            refuse_unequal(("customer", before.debtor.customer, self.customer), *same)
            return
        registers.customer(load, self.customer)
        customer: Customer = load(Customer, self.customer)
        place = customer.owner, customer.department, customer.region
        debtor = Debtor(self.customer, customer.customer_kind, *place)
        payment = PaymentReceived(debtor, self.currency, self.amount, self.way, self.reference)
        for event in load(Receipt, self.id).receive(payment):
            yield from self._reference_used(load)
            yield self.stream, event
            yield from receipt_entered(load, self.id)

    def _reference_used(self, load: Load) -> Iterator[Decision]:
        if self.reference is None:
            return
        payer = paying(load, self.customer)
        for account in {self.customer, *accounts_of(load, payer)} - {payer}:
            self._used(load, account)
        revision = self._used(load, payer)
        used = PaymentReferenceUsed(self.way, self.reference, self.id, revision)
        load(CustomerAccount, payer)
        yield CustomerAccount.stream(payer), used

    def _used(self, load: Load, account: str) -> int | None:
        """How often the reference was used there by payments that bounced, and once more."""
        revision, way = None, f"way.{self.way}"
        for number in count(2):
            under = PaymentReferenceUsed.under(self.way, str(self.reference), revision)
            used: PaymentReferenceUsed | None = load.event(CustomerAccount, account, under)
            if used is None:
                break
            if not load(Receipt, used.receipt).bounced:
                raise ReferenceTaken(
                    f"{self.customer} paid by {self.way} with reference {self.reference} before:"
                    f" receipt {used.receipt}. Read that receipt, or correct the reference.",
                    f"{self.customer} 已用{in_chinese(way)}的凭证号 {self.reference} 付过款："
                    f"收款单 {used.receipt}。请查看该收款单，或更正凭证号。",
                )
            revision = number
        return revision


class RefundReceipt(Command, of=Receipt, when=lambda receipt: receipt.left > 0):
    """Pay back what of a payment settles no invoice, or a part of that, and say why."""

    refund: Id
    amount: Paid | None = Field(None, description="All that is left, unless told otherwise.")
    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        before: PaymentRefunded | None = load.event(Receipt, self.id, f"refund:{self.refund}")
        if before is not None:
            amount = before.amount if self.amount is None else self.amount
            refuse_unequal(
                ("amount", before.amount, amount), ("reason", before.reason, self.reason)
            )
            undoing = PaymentRefundUndone.under(self.refund)
            refuse_taken_back(load, Receipt, self.id, undoing, self.refund)
            return
        for event in load(Receipt, self.id).refund(self.refund, self.amount, self.reason):
            yield self.stream, event
            yield from receipt_entered(load, self.id)


class UndoRefund(Command, of=Receipt, when=lambda receipt: receipt.refunded > 0):
    """Take back a refund that was told by mistake: the payment has it again."""

    refund: Id
    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        undoing = PaymentRefundUndone.under(self.refund)
        if is_taken_back(load, Receipt, self.id, undoing, self.reason):
            return
        before: PaymentRefunded | None = load.event(Receipt, self.id, f"refund:{self.refund}")
        for event in load(Receipt, self.id).undo_refund(before, self.reason):
            yield self.stream, event
            yield from receipt_entered(load, self.id)


class BounceReceipt(
    Command, of=Receipt, when=lambda receipt: not receipt.bounced and not receipt.refunded
):
    """Record that a payment bounced: what it settled is open again."""

    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        receipt: Receipt = load(Receipt, self.id)
        if is_taken_back(load, Receipt, self.id, "bounced", self.reason):
            return
        for event in receipt.bounce(self.reason):
            yield self.stream, event
            yield from undone(load, self.id, event)
        yield from receipt_entered(load, self.id)
