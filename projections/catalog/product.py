"""Products: what they are, and what they cost."""

from typing import Annotated, Any, NamedTuple

from aggregates.catalog.product import (
    Product,
    ProductAdded,
    ProductDiscontinued,
    ProductResumed,
    ProductWithdrawn,
)
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import HIDES, INDEXED, INSTANT, MONEY, Name, names, taking


class Row(NamedTuple):
    name: Name = ""
    category: Annotated[str, names("category")] = ""
    unit: Annotated[str, names("unit")] = ""
    supplier: Annotated[str | None, INDEXED] = None
    list_price: Annotated[int, MONEY, INDEXED] = 0
    cost: Annotated[int | None, MONEY] = None
    currency: str = ""
    discontinued: str | None = None
    added_at: Annotated[int, INSTANT] = 0
    withdrawn: Annotated[str | None, HIDES] = None


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    match event:
        case ProductWithdrawn(reason):
            return row._replace(withdrawn=reason)
        case ProductAdded():
            return taking(Row(), event)._replace(added_at=recorded.occurred_at)
        case ProductDiscontinued(reason):
            return row._replace(discontinued=reason)
        case ProductResumed():
            return row._replace(discontinued=None)
        case _:
            return taking(row, event)


record = Record("products", Product, Row, fold, scope={})
