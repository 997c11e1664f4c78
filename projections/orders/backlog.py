"""Backlogs: the orders that wait for goods at a warehouse, in the order in which they came."""

from typing import Annotated, Any, NamedTuple

from aggregates.orders.backlog import Backlog, BacklogJoined, BacklogLeft
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import ADDS_UP, INDEXED, names


class Row(NamedTuple):
    warehouse: Annotated[str, names("warehouse")] = ""
    item: Annotated[str, names("product")] = ""
    orders: Annotated[int, INDEXED] = 0
    quantity: Annotated[int, ADDS_UP] = 0
    waiting: tuple[dict[str, Any], ...] = ()


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    if not isinstance(event, BacklogJoined | BacklogLeft):
        return row
    waiting = tuple(one for one in row.waiting if one["order"] != event.order)
    if isinstance(event, BacklogJoined):
        waiting += ({"order": event.order, "quantity": event.quantity},)
    places = Backlog.parts(recorded.stream)
    return Row(*places, len(waiting), sum(one["quantity"] for one in waiting), waiting)


record = Record("backlogs", Backlog, Row, fold, sparse=True)
