"""By how much a shipment of an order may differ from the order, and who answers for the money."""

from collections.abc import Iterator
from datetime import datetime

from aggregates.inventory.stock import Stock
from aggregates.line_pricing import WHOLE
from aggregates.orders.delivering import DeliverySettings
from aggregates.orders.order import SalesOrder, Tolerance
from aggregates.receivables.account.credit import OverCreditLimit
from commands import Decision, Load
from commands.inventory.lot import choosing
from commands.inventory.stock import one_of
from commands.receivables.credit import over_limit
from commands.settings import in_force


def tolerance_of(load: Load, order: SalesOrder, at: datetime) -> Tolerance:
    settings, version = in_force(load, DeliverySettings, at)
    kind = order.known().customer_kind
    shares = [(line.quantity, *settings.shares(line.item, kind)) for line in order.lines]
    over = tuple(quantity * more // WHOLE for quantity, more, _ in shares)
    under = tuple(quantity * less // WHOLE for quantity, _, less in shares)
    return Tolerance(over, under, version)


def check_credit(load: Load, id: str, more: int) -> None:
    """Refuse what goes out beyond the order where that goes beyond the customer's limit."""
    if more and (refused := over_limit(load, id, more)) is not None:
        raise OverCreditLimit(*refused.said())


def holds_otherwise(load: Load, id: str, place: str, more: int, at: datetime) -> Iterator[Decision]:
    """Set aside what leaves a stock beyond what was ordered, or let go what need not come now."""
    stock: Stock = load(Stock, place)
    if more:
        with one_of(place):
            for event in stock.hold(id, stock.orders.get(id, 0) + more, choosing(load, at)):
                yield Stock.stream(place), event
