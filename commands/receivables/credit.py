"""Whether an order may be released to its customer, and what it takes of the credit."""

from collections.abc import Iterator

from aggregates.calendar import business_day
from aggregates.customers.customer import Customer
from aggregates.mentions import ThingRef
from aggregates.orders.order import SalesOrder
from aggregates.receivables.account import CustomerAccount, OpenAmount
from aggregates.receivables.account.credit import CreditSettings, OrderCreditRefused
from commands import Decision, Load
from commands.business import paying
from commands.naming import that_name
from commands.receivables.entries import entered, that_are
from commands.settings import in_force


def order_entered(load: Load, id: str) -> Iterator[Decision]:
    """Keep in the customer's account what of an order no invoice tells of, where a limit is kept.

    Whatever raises or lowers that is followed by this.
    """
    order: SalesOrder = load(SalesOrder, id)
    if order.drafted is None:
        return
    customer, currency = order.drafted.customer, order.drafted.currency
    account: CustomerAccount = load(CustomerAccount, paying(load, customer))
    document = ThingRef(SalesOrder.kind, id)
    if account.limits or document.stream in account.documents:
        found = OpenAmount(currency, None, order.uninvoiced)
        yield from entered(load, customer, document, found)


def not_invoiced(load: Load, customer: str) -> dict[str, SalesOrder]:
    """The orders of a customer, and of those that were merged into it, that no invoice tells of."""
    found: dict[str, SalesOrder] = {}
    for one in that_are(load, customer):
        ids = that_name(load, Customer, one, SalesOrder)
        load.prefetch(SalesOrder, ids)
        orders = {order: load(SalesOrder, order) for order in ids}
        found |= {
            order: state
            for order, state in orders.items()
            if state.known().customer == one and state.uninvoiced
        }
    return found


def orders_entered(load: Load, customer: str) -> Iterator[Decision]:
    """Keep what was not kept so far, since whoever answered for it before had no limit."""
    account: CustomerAccount = load(CustomerAccount, paying(load, customer))
    for order in not_invoiced(load, customer) if account.limits else ():
        yield from order_entered(load, order)


def not_held(load: Load, customer: str) -> None:
    """Refuse to release anything to a customer whose credit is held, or to who was merged into one
    whose credit is.
    """
    for one in {customer: None, paying(load, customer): None}:
        load(CustomerAccount, one).not_held(one)


def over_limit(load: Load, id: str, amount: int | None = None) -> OrderCreditRefused | None:
    """The refusal of an order that is about to be approved, if it takes too much.

    Raises `CreditOnHold` where the customer's credit is held. The amount is that of all its lines,
    unless told otherwise.
    """
    order: SalesOrder = load(SalesOrder, id)
    not_held(load, order.known().customer)
    refused = beyond_limit(load, id, amount)
    return None if refused is None or _signed(load, order) else refused


def beyond_limit(load: Load, id: str, amount: int | None = None) -> OrderCreditRefused | None:
    """What there is to say against an order that goes beyond its customer's limit of today."""
    order: SalesOrder = load(SalesOrder, id)
    drafted = order.known()
    account: CustomerAccount = load(CustomerAccount, paying(load, drafted.customer))
    today = business_day(load.now)
    limit = account.limit(drafted.currency, today) if account.limits else None
    if limit is None:
        return None
    exposure = account.exposure(drafted.currency)
    amount = sum(line.amount for line in order.lines) if amount is None else amount
    if exposure + amount <= limit:
        return None
    ended = account.ended(drafted.currency, today)
    return OrderCreditRefused(id, drafted.currency, limit, exposure, amount, ended)


def _signed(load: Load, order: SalesOrder) -> bool:
    """Whether all have signed it, whom the company lets decide on orders beyond a limit."""
    if order.needs is None:
        return False
    return in_force(load, CreditSettings, load.now).settings.over_limit == "signed"
