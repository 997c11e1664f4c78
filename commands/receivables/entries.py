"""How the amounts that are open are kept in the account of who answers for them."""

from collections.abc import Iterator

from aggregates.customers.customer import Customer
from aggregates.mentions import ThingRef
from aggregates.orders.order import SalesOrder
from aggregates.receivables.account import CustomerAccount, OpenAmount
from aggregates.receivables.invoice import Invoice
from aggregates.receivables.receipt import Receipt
from commands import Decision, Load
from commands.business import paying
from commands.naming import that_name


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


def that_are(load: Load, customer: str) -> list[str]:
    """The customer, and all that were merged into it."""
    found = [customer]
    for one in found:
        others = that_name(load, Customer, one, Customer)
        found += [other for other in others if load(Customer, other).merged_into == one]
    return found


def entered(load: Load, customer: str, document: ThingRef, found: OpenAmount) -> Iterator[Decision]:
    """Keep what is open of a document now in one account: that of who answers for it."""
    owner = paying(load, customer)
    nothing = found._replace(amount=0)
    for account, amount in {customer: nothing, owner: found}.items():
        for event in load(CustomerAccount, account).enter(document, amount):
            yield CustomerAccount.stream(account), event


def accounts_of(load: Load, payer: str) -> list[str]:
    """The account of who answers for others, and those of all that were merged into him."""
    found = [payer]
    for one in found:
        found += load(CustomerAccount, one).joined
    return found


def moved(load: Load, account: str) -> Iterator[Decision]:
    """Move what is kept in an account and another customer answers for now."""
    kept: CustomerAccount = load(CustomerAccount, account)
    for stream, found in kept.documents.items():
        document = ThingRef.of(stream)
        owner = paying(load, _customer(load, document))
        if owner != account:
            for event in kept.enter(document, found._replace(amount=0)):
                yield CustomerAccount.stream(account), event
            yield from entered(load, owner, document, found)


def _customer(load: Load, document: ThingRef) -> str:
    if document.kind == SalesOrder.kind:
        order: SalesOrder = load(SalesOrder, document.id)
        return order.known().customer
    if document.kind == Invoice.kind:
        invoice: Invoice = load(Invoice, document.id)
        return invoice.known().debtor.customer
    receipt: Receipt = load(Receipt, document.id)
    return receipt.known().debtor.customer
