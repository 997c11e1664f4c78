"""Prices of price lists: what each product costs by each list, as it was set last."""

from typing import Annotated, Any, NamedTuple

from aggregates.pricing.list_price import ListPrice, ListPriceRemoved, QuantityBreak
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import DAY, INDEXED, INSTANT, MONEY, names, plain, taking


class Row(NamedTuple):
    """`unit_price` is that of the smallest quantity; from `removed_from` on there is none."""

    price_list: Annotated[str, names("price_list")] = ""
    product: Annotated[str, names("product")] = ""
    number: int = 0
    unit: Annotated[str, names("unit")] = ""
    currency: Annotated[str, INDEXED] = ""
    unit_price: Annotated[int, MONEY, INDEXED] = 0
    breaks: tuple[QuantityBreak, ...] = ()
    floor: Annotated[int | None, MONEY] = None
    valid_from: Annotated[str, DAY, INDEXED] = ""
    removed_from: Annotated[str | None, DAY, INDEXED] = None
    set_at: Annotated[int, INSTANT] = 0


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    if isinstance(event, ListPriceRemoved):
        return row._replace(number=event.number, removed_from=plain(event.valid_from))
    price = taking(Row(), event)._replace(set_at=recorded.occurred_at)
    return price._replace(unit_price=event.breaks[0].unit_price)


record = Record("list_prices", ListPrice, Row, fold, scope={})
