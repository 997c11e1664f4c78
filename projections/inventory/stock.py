"""Stocks: which goods are kept where, and for whom. How many is a figure, and no part of this."""

from typing import Annotated, Any, NamedTuple

from aggregates.inventory.stock import Stock
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import INDEXED, INSTANT, names


class Row(NamedTuple):
    location: Annotated[str, INDEXED] = ""
    item: Annotated[str, names("product")] = ""
    holder: Annotated[str, INDEXED] = ""
    begun_at: Annotated[int, INSTANT] = 0


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    if not row.location:
        location, item = Stock.parts(recorded.stream)
        return Row(location, item, event.holder, recorded.occurred_at)
    return row._replace(holder=event.holder)


record = Record("stocks", Stock, Row, fold, sparse=True, scope={"dealer": "location"})
