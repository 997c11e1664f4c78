"""What is blocked where, why, and under what: returns that are looked at, damaged goods."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from aggregates.inventory.stock import Stock, StockBlocked, StockUnblocked
from aggregates.inventory.stock.blocking import undone
from projections.engine import EventHeader, View
from projections.engine.figure import Figure


class Change(NamedTuple):
    location: str
    item: str
    reference: str
    blocked: int = 0
    released: int = 0
    scrapped: int = 0


def rows(recorded: EventHeader, event: Any) -> Iterable[Change]:
    if not isinstance(event, StockBlocked | StockUnblocked):
        return ()
    at = *Stock.parts(recorded.stream), event.reference
    if isinstance(event, StockBlocked):
        return (Change(*at, event.quantity),)
    if event.document == undone(event.reference):
        return (Change(*at, -event.quantity),)
    released = event.quantity if event.outcome == "released" else 0
    return (Change(*at, -event.quantity, released, event.quantity - released),)


view = View(
    name="blocked_stock",
    kinds=frozenset({"stock"}),
    change=Change,
    measures=("blocked", "released", "scrapped"),
    rows=rows,
    indexes=(("location", "item"), ("item",)),
    scope={"dealer": "location"},
)

figure = Figure(
    "blocked_stock",
    "/stock/blocked",
    view,
    """What is held back where, under what, and what of it was released or written off. The events
    behind a row say why.
    """,
    key=("location", "item", "reference"),
)
