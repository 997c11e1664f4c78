"""Whether an order may be released to its customer, and what it takes of the credit."""

from collections.abc import Iterator

from aggregates.calendar import business_day
from aggregates.mentions import ThingRef
from aggregates.orders.order import SalesOrder
from aggregates.receivables.account import CustomerAccount, OpenAmount
from aggregates.receivables.account.credit import CreditSettings, OrderCreditRefused
from commands import Decision, Load
from commands.receivables.entries import entered
from commands.settings import in_force


def order_entered(load: Load, id: str) -> Iterator[Decision]:
    """Keep in the customer's account what of an order no invoice tells of, where a limit is kept.

    Whatever raises or lowers that is followed by this.
    """
    order: SalesOrder = load(SalesOrder, id)
    if order.drafted is None:
        return
    customer, currency = order.drafted.customer, order.drafted.currency
    account: CustomerAccount = load(CustomerAccount, customer)
    if account.limits:
        found = OpenAmount(currency, None, order.uninvoiced)
        yield from entered(load, customer, ThingRef(SalesOrder.kind, id), found)


def over_limit(load: Load, id: str, amount: int | None = None) -> OrderCreditRefused | None:
    """The refusal of an order that is about to be approved, if it takes too much.

    Raises `CreditOnHold` where the customer's credit is held. The amount is that of all its lines,
    unless told otherwise.
    """
    order: SalesOrder = load(SalesOrder, id)
    customer = order.known().customer
    load(CustomerAccount, customer).not_held(customer)
    refused = beyond_limit(load, id, amount)
    return None if refused is None or _signed(load, order) else refused


def beyond_limit(load: Load, id: str, amount: int | None = None) -> OrderCreditRefused | None:
    """What there is to say against an order that goes beyond its customer's limit of today."""
    order: SalesOrder = load(SalesOrder, id)
    drafted = order.known()
    account: CustomerAccount = load(CustomerAccount, drafted.customer)
    limit = account.limit(drafted.currency, business_day(load.now)) if account.limits else None
    if limit is None:
        return None
    exposure = account.exposure(drafted.currency)
    amount = sum(line.amount for line in order.lines) if amount is None else amount
    if exposure + amount <= limit:
        return None
    return OrderCreditRefused(id, drafted.currency, limit, exposure, amount)


def _signed(load: Load, order: SalesOrder) -> bool:
    """Whether all have signed it, whom the company lets decide on orders beyond a limit."""
    if order.needs is None:
        return False
    return in_force(load, CreditSettings, load.now).settings.over_limit == "signed"
