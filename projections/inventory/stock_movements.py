"""What came in and went out of each stock, by the kind of movement."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from aggregates.inventory.stock import (
    SellOutReturnUndone,
    Stock,
    StockArrivalReversed,
    StockCounted,
    StockDispatched,
    StockIssued,
    StockReversed,
    StockShipped,
    StockSold,
)
from aggregates.inventory.stock.kinds import kind_of
from projections.engine import EventHeader, View
from projections.engine.figure import Figure

OUT = StockIssued | StockShipped | StockSold | StockDispatched
REVERSED = StockReversed | StockArrivalReversed | SellOutReturnUndone


class Change(NamedTuple):
    """`quantity` is what came in less what went out: over all kinds it is what is on hand."""

    location: str
    item: str
    movement: str
    came_in: int = 0
    went_out: int = 0
    quantity: int = 0


MEASURES = ("came_in", "went_out", "quantity")


def rows(recorded: EventHeader, event: Any) -> Iterator[Change]:
    movement = kind_of(event)
    if movement is None:
        return
    quantity = event.difference if isinstance(event, StockCounted) else event.quantity
    change = -quantity if isinstance(event, OUT) else quantity
    # What is reversed is taken away from the side that it was on.
    came_in = change < 0 if isinstance(event, REVERSED) else change > 0
    at = *Stock.parts(recorded.stream), movement
    if change and came_in:
        yield Change(*at, came_in=change, quantity=change)
    elif change:
        yield Change(*at, went_out=-change, quantity=change)


view = View(
    name="stock_movements",
    kinds=frozenset({"stock"}),
    change=Change,
    measures=MEASURES,
    rows=rows,
    indexes=(("location", "item"), ("item",), ("movement",)),
    scope={"dealer": "location"},
)

figure = Figure(
    "stock_movements",
    "/stock/movements",
    view,
    """What came in and went out of each stock, by the kind of movement: purchases, sales, returns,
    production, transfers, adjustments, promotion. The quantities of all kinds sum to what is on
    hand.
    """,
    key=("location", "item", "movement"),
    days=True,
)
