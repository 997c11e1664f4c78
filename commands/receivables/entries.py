"""How the amounts that are open are kept in a customer's account."""

from collections.abc import Iterator

from aggregates.mentions import ThingRef
from aggregates.receivables.account import CustomerAccount, OpenAmount
from aggregates.receivables.invoice import Invoice
from aggregates.receivables.receipt import Receipt
from commands import Decision, Load


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
