"""What was reached, by whom: sales, new customers, deals won and payments, on any days."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from aggregates.customers.customer import CustomerRegistered
from aggregates.marks import Money
from aggregates.opportunities.opportunity import (
    OpportunityCorrected,
    OpportunityLost,
    OpportunityOpened,
    OpportunityReassigned,
    OpportunityReopened,
    OpportunityRevalued,
    OpportunityWon,
)
from aggregates.orders.order import (
    OrderLossCredited,
    OrderLossUndone,
    OrderReturned,
    OrderReturnUndone,
    OrderShipped,
)
from aggregates.receivables.receipt import (
    PaymentBounced,
    PaymentReceived,
    PaymentRefunded,
    PaymentRefundUndone,
)
from projections.engine import EventHeader, View
from projections.engine.figure import Figure
from projections.engine.scopes import BY_REP


class Change(NamedTuple):
    """`open_deals` is what deals are worth that are neither won nor lost; the others are what
    targets are set for.
    """

    rep: str
    department: str
    region: str
    product: str = ""
    currency: str = ""
    amount: Money = 0
    quantity: int = 0
    new_customers: int = 0
    contract_amount: Money = 0
    cash_collected: Money = 0
    open_deals: Money = 0


REACHED = ("amount", "quantity", "new_customers", "contract_amount", "cash_collected")
MEASURES = (*REACHED, "open_deals")


def rows(_: EventHeader, event: Any) -> Iterator[Change]:
    match event:
        case OrderShipped() | OrderReturnUndone() | OrderLossUndone():
            yield from _sold(event, 1)
        case OrderReturned() | OrderLossCredited():
            yield from _sold(event, -1)
        case CustomerRegistered(customer_kind=kind) if kind != "supplier":
            yield Change(event.owner, event.department, event.region, new_customers=1)
        case PaymentReceived(amount=amount) | PaymentRefundUndone(amount=amount):
            yield _paid(event, amount)
        case PaymentRefunded(amount=amount) | PaymentBounced(amount=amount):
            yield _paid(event, -amount)
        case OpportunityOpened(amount=amount):
            yield _deal(event, open_deals=amount)
        case OpportunityRevalued(amount=amount):
            yield _deal(event, open_deals=amount - event.from_amount)
        case OpportunityCorrected(amount=amount):
            gone = _deal(event, open_deals=-amount)
            yield gone._replace(currency=event.from_currency)
            yield _deal(event, open_deals=amount)
        case OpportunityReassigned(amount=amount):
            before = event.from_rep, event.from_department, event.from_region
            yield Change(*before, currency=event.currency, open_deals=-amount)
            yield _deal(event, open_deals=amount)
        case OpportunityWon(amount=amount):
            yield _deal(event, contract_amount=amount, open_deals=-amount)
        case OpportunityLost(amount=amount):
            yield _deal(event, open_deals=-amount)
        case OpportunityReopened(end=end, amount=amount):
            won = amount if end == "won" else 0
            yield _deal(event, contract_amount=-won, open_deals=amount)


def _sold(event: Any, sign: int) -> Iterator[Change]:
    for line in event.lines:
        yield Change(
            *(event.rep, event.department, event.region, line.item, event.currency),
            amount=sign * line.amount,
            quantity=sign * line.quantity,
        )


def _paid(event: Any, amount: int) -> Change:
    who = event.debtor
    place = who.rep, who.department, who.region
    return Change(*place, currency=event.currency, cash_collected=amount)


def _deal(event: Any, **measures: Any) -> Change:
    place = event.rep, event.department, event.region
    return Change(*place, currency=event.currency, **measures)


view = View(
    name="results",
    kinds=frozenset({"customer", "opportunity", "order", "receipt"}),
    change=Change,
    measures=MEASURES,
    rows=rows,
    indexes=(("rep",), ("department",)),
    scope=BY_REP,
)

figure = Figure(
    "results",
    "/results",
    view,
    """What was reached, by whom: what was shipped less what came back, new customers, deals won,
    payments received less what bounced or was paid back, and what open deals are worth.

    Each counts for whoever it belonged to when it happened. What open deals are worth stands at a
    moment: of some days it is how it changed, below zero where more was closed than opened.
    """,
    key=("rep", "currency"),
    days=True,
)
