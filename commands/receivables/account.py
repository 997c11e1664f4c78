"""What may be asked about a customer's account, and how it is kept."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field

from aggregates import Aggregate
from aggregates.customers.customer import Customer
from aggregates.mentions import ThingRef
from aggregates.receivables.account import CustomerAccount, OpenAmount
from aggregates.receivables.invoice import Invoice
from aggregates.receivables.receipt import Receipt
from commands import Command, Decision, Load, Whole, registers

DueDays = Annotated[Whole, Field(ge=0, le=365)]


class AgreePaymentTerms(Command, of=CustomerAccount):
    """Agree with a customer how many days after their date its invoices are due."""

    begins: ClassVar[bool] = True
    goes_on: ClassVar[bool] = True

    due_days: DueDays

    def touches(self) -> Iterator[tuple[type[Aggregate], str]]:
        yield CustomerAccount, self.id
        yield Customer, self.id

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        registers.customer(load, self.id)
        for event in load(CustomerAccount, self.id).agree_terms(self.due_days):
            yield self.stream, event


def invoice_entered(load: Load, id: str) -> Iterator[Decision]:
    """Keep in the customer's account what is open of an invoice now."""
    invoice: Invoice = load(Invoice, id)
    issued = invoice.known()
    found = OpenAmount(issued.currency, issued.due, invoice.open)
    yield from entered(load, issued.debtor.customer, ThingRef(Invoice.kind, id), found)


def receipt_entered(load: Load, id: str) -> Iterator[Decision]:
    """Keep in the customer's account what of a payment settles no invoice now."""
    receipt: Receipt = load(Receipt, id)
    received = receipt.known()
    found = OpenAmount(received.currency, None, -receipt.left)
    yield from entered(load, received.debtor.customer, ThingRef(Receipt.kind, id), found)


def entered(load: Load, customer: str, document: ThingRef, found: OpenAmount) -> Iterator[Decision]:
    """Keep in the customer's account what is open of a document now."""
    for event in load(CustomerAccount, customer).enter(document, found):
        yield CustomerAccount.stream(customer), event
