"""Where each lot came from and went: by which papers, to which places and customers."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from aggregates.inventory.stock import LotPart, LotsMoved, Stock
from projections.engine import EventHeader, View
from projections.engine.figure import Figure


class Change(NamedTuple):
    """`quantity` is what came in less what went out."""

    location: str
    item: str
    stock_lot: str
    movement: str
    document: str
    sales_order: str
    customer: str
    to_location: str
    came_in: int = 0
    went_out: int = 0
    quantity: int = 0


MEASURES = ("came_in", "went_out", "quantity")


def rows(recorded: EventHeader, event: Any) -> Iterable[Change]:
    if not isinstance(event, LotsMoved):  # most stock is of no lot
        return ()
    at = Stock.parts(recorded.stream)
    whom = event.order or "", event.customer or "", event.to_location or ""
    return [_change(at, event, whom, part) for part in event.lots]


def _change(
    at: tuple[str, str], event: LotsMoved, whom: tuple[str, str, str], part: LotPart
) -> Change:
    paper, moved = (event.movement, event.document), part.quantity
    return Change(*at, part.lot, *paper, *whom, max(moved, 0), max(-moved, 0), moved)


view = View(
    name="lot_moves",
    kinds=frozenset({"stock"}),
    change=Change,
    measures=MEASURES,
    rows=rows,
    indexes=(("stock_lot",), ("customer",), ("document",)),
    scope={"dealer": "location"},
)

figure = Figure(
    "lot_moves",
    "/stock/lots/moves",
    view,
    """Where a lot came from and where it went, by movement and paper: with the order and the
    customer of what was shipped, and the place of what was sent elsewhere. A recall begins with
    `stock_lot=…`.
    """,
    key=("location", "stock_lot", "movement", "document", "sales_order", "customer", "to_location"),
    days=True,
)
