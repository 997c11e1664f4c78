"""When what was delivered left its warehouse: nothing is invoiced or credited before that."""

from datetime import datetime

from aggregates.inventory.stock import Stock
from aggregates.orders.order import SalesOrder
from commands import Load


def sent_at(id: str, shipment: str, load: Load) -> datetime | None:
    """When goods of a shipment left the warehouse, which the order's last event may be after."""
    order: SalesOrder = load(SalesOrder, id)
    if order.drafted is None:
        return None
    where = order.drafted.warehouse
    items = {line.item for line in order.shipments.get(shipment, ())}
    left = f"shipped:{id}:{shipment}"
    events = (load.event(Stock, Stock.id_of(where, item), left) for item in sorted(items))
    return max((event.moved_at for event in events if event is not None), default=None)
