"""Warehouses: the places of our own that goods are kept at."""

from typing import Annotated, Any, NamedTuple

from aggregates.inventory.warehouse import (
    Warehouse,
    WarehouseClosed,
    WarehouseRegistered,
    WarehouseReopened,
)
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import INDEXED, INSTANT, SEARCHED, taking


class Row(NamedTuple):
    name: Annotated[str, SEARCHED, INDEXED] = ""
    city: Annotated[str | None, SEARCHED] = None
    closed: str | None = None
    registered_at: Annotated[int, INSTANT] = 0


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    match event:
        case WarehouseRegistered():
            return taking(row, event)._replace(registered_at=recorded.occurred_at)
        case WarehouseClosed(reason):
            return row._replace(closed=reason)
        case WarehouseReopened():
            return row._replace(closed=None)
        case _:
            return taking(row, event)


record = Record("warehouses", Warehouse, Row, fold)
