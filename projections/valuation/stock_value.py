"""What goods in warehouses are worth: what is told of their cost, what they were sold for, and when
months were closed.

The ledger has the movements as they were told. What they are worth follows from all of an item in
the order in which they count, so it is reckoned when it is asked for: whatever comes late, nothing
has to be put right.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from aggregates.inventory.stock import (
    ReceiptCostCorrected,
    Stock,
    StockAdjusted,
    StockArrivalReversed,
    StockArrived,
    StockCounted,
    StockDispatched,
    StockHolderCorrected,
    StockIssued,
    StockReceived,
    StockRecounted,
    StockReversed,
    StockShipped,
    StockTakenBack,
)
from aggregates.inventory.stock.events import under
from aggregates.inventory.stock.kinds import kind_of
from aggregates.marks import Money
from aggregates.orders.order import (
    OrderLossCredited,
    OrderLossUndone,
    OrderReturned,
    OrderReturnUndone,
    OrderShipped,
)
from aggregates.valuation.stock_period import StockPeriodClosed, StockPeriodReopened
from infra.clock import micros
from projections.engine import EventHeader, View


class Change(NamedTuple):
    """`cause` is what the movement is recorded under, or that which it undoes or corrects;
    `delivered` is what a dealer has of a transfer. Of the end of a month, `until` is its instant.
    What was `sold` of an order lies nowhere.
    """

    location: str
    item: str
    movement: str
    document: str
    cause: str = ""
    sales_order: str = ""
    customer: str = ""
    rep: str = ""
    department: str = ""
    region: str = ""
    currency: str = ""
    until: int = 0
    quantity: int = 0
    lost: int = 0
    delivered: int = 0
    cost: Money = 0
    sold: int = 0
    amount: Money = 0


MEASURES = ("quantity", "lost", "delivered", "cost", "sold", "amount")
OUT = StockIssued | StockShipped | StockDispatched
ARRIVED = StockArrived | StockArrivalReversed
SOLD = OrderShipped | OrderReturnUndone | OrderLossUndone
GIVEN_BACK = OrderReturned | OrderLossCredited
CLOSE = "close"
SALE = "sale"
MOVED = (
    OUT
    | ARRIVED
    | StockReceived
    | StockTakenBack
    | StockAdjusted
    | StockCounted
    | StockRecounted
    | StockReversed
)


def rows(recorded: EventHeader, event: Any) -> Iterator[Change]:
    if isinstance(event, StockPeriodClosed):
        yield Change("", "", CLOSE, event.month, until=micros(event.until))
    elif isinstance(event, StockPeriodReopened):
        yield Change("", "", CLOSE, event.month)
    elif isinstance(event, StockHolderCorrected) and event.on_hand:
        sign = 1 if event.holder == "warehouse" else -1
        at = Stock.parts(recorded.stream)
        yield Change(*at, "holder", f"holder {event.number}", quantity=sign * event.on_hand)
    elif isinstance(event, ReceiptCostCorrected):
        if event.holder == "warehouse":
            yield _corrected(recorded, event)
    elif isinstance(event, MOVED):
        yield from _moved(recorded, event)
    elif isinstance(event, SOLD | GIVEN_BACK):
        yield from _sold(recorded, event)


def _sold(recorded: EventHeader, event: Any) -> Iterator[Change]:
    """Under what the goods went, or came back."""
    match event:
        case OrderReturned() | OrderReturnUndone():
            document = event.return_id
        case _:
            document = event.shipment
    whose = event.customer, event.rep, event.department, event.region, event.currency
    sign = 1 if isinstance(event, SOLD) else -1
    for line in event.lines:
        told = sign * line.quantity, sign * line.amount
        place = "", line.item, SALE, document, "", recorded.key
        yield Change(*place, *whose, sold=told[0], amount=told[1])


def _corrected(recorded: EventHeader, event: ReceiptCostCorrected) -> Change:
    cause = under("received", event.reference, event.again)
    what = "cost_correction", event.reference, cause
    place = Stock.parts(recorded.stream)
    return Change(*place, *what, currency=event.currency, cost=event.cost - (event.from_cost or 0))


def _moved(recorded: EventHeader, event: Any) -> Iterator[Change]:
    place = *Stock.parts(recorded.stream), kind_of(event) or ""
    what: tuple[str, ...]
    if event.holder != "warehouse":
        # Of what a dealer has, only a transfer that reaches him was a warehouse's until then.
        if isinstance(event, ARRIVED) and event.order is None:
            what = event.transfer, _arrival(event)
            yield Change(*place, *what, lost=event.lost, delivered=event.quantity)
        return
    quantity = event.difference if isinstance(event, StockCounted) else event.quantity
    match event:
        case StockReceived(cost=cost, currency=currency):
            what = event.reference, event.recorded_under(), _order(event)
            money = currency if cost is not None and currency else ""
            yield Change(*place, *what, currency=money, quantity=quantity, cost=cost or 0)
        case StockShipped():
            what = event.shipment, event.recorded_under(), event.order
            yield Change(*place, *what, quantity=-quantity)
        case StockArrived() | StockArrivalReversed():
            yield Change(
                *place, event.transfer, _arrival(event), quantity=quantity, lost=event.lost
            )
        case StockReversed():
            cause = under(event.document, event.reference, event.again)
            yield Change(*place, event.reference, cause, quantity=quantity)
        case StockRecounted():
            yield Change(*place, event.count, under("counted", event.count), quantity=quantity)
        case StockDispatched() | StockTakenBack():
            sign = -1 if isinstance(event, OUT) else 1
            what = event.transfer, event.recorded_under()
            yield Change(*place, *what, quantity=sign * quantity)
        case _:
            sign = -1 if isinstance(event, OUT) else 1
            what = event.reference, event.recorded_under()
            yield Change(*place, *what, quantity=sign * quantity)


def _order(event: StockReceived) -> str:
    """The order that a return is of: its reference is that of the order and of the return."""
    order, colon, _ = event.reference.partition(":")
    return order if colon and event.reason == "return" else ""


def _arrival(event: StockArrived | StockArrivalReversed) -> str:
    return f"arrived:{event.transfer}:{event.receipt}"


view = View(
    name="stock_value",
    kinds=frozenset({"stock", "stock_period", "order"}),
    change=Change,
    measures=MEASURES,
    rows=rows,
    indexes=(("item", "location"), ("location", "item"), ("movement",)),
    scope={"dealer": "location"},
)
