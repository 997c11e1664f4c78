"""Products: what they are, and what they cost."""

from typing import Annotated, Any, NamedTuple

from aggregates.catalog.archive import SalesRoute
from aggregates.catalog.product import (
    Product,
    ProductAdded,
    ProductDetailsChanged,
    ProductDiscontinued,
    ProductResumed,
    ProductWithdrawn,
)
from aggregates.validity import FirstDay, LastDay
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import (
    HIDES,
    INDEXED,
    INSTANT,
    MONEY,
    SEARCHED,
    Name,
    names,
    taking,
)


class Row(NamedTuple):
    name: Name = ""
    category: Annotated[str, names("category")] = ""
    unit: Annotated[str, names("unit")] = ""
    supplier: Annotated[str | None, INDEXED] = None
    brand: Annotated[str | None, INDEXED, SEARCHED] = None
    product_line: Annotated[str | None, names("product_line")] = None
    sales_route: Annotated[SalesRoute | None, INDEXED] = None
    transport: str | None = None
    on_sale_from: FirstDay = None
    on_sale_until: LastDay = None
    successor: Annotated[str | None, names("product")] = None
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
            return _kept(Row(), event)._replace(added_at=recorded.occurred_at)
        case ProductDiscontinued(reason):
            return row._replace(discontinued=reason)
        case ProductResumed():
            return row._replace(discontinued=None)
        case ProductDetailsChanged():
            return _kept(row, event)
        case _:
            return taking(row, event)


def _kept(row: Row, event: ProductAdded | ProductDetailsChanged) -> Row:
    return taking(taking(row, event), event.archive)


record = Record("products", Product, Row, fold, scope={})
