"""Where dealers' goods went, by outlet and product, and what of it lay outside the territory."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from aggregates.channel.goods_flow import FlowLine, GoodsFlowReported
from aggregates.marks import Money
from projections.engine import EventHeader, View
from projections.engine.figure import Figure


class Change(NamedTuple):
    """`region` is that of the outlet; the dealer's own is `dealer_region`."""

    dealer: str
    outlet: str
    region: str
    item: str
    currency: str
    rep: str
    department: str
    dealer_region: str
    quantity: int = 0
    amount: Money = 0
    outside_quantity: int = 0


MEASURES = ("quantity", "amount", "outside_quantity")


def rows(_: EventHeader, event: Any) -> Iterator[Change]:
    if isinstance(event, GoodsFlowReported):
        yield from (_row(event, line, -1) for line in event.before)
        yield from (_row(event, line, 1) for line in event.lines)


def _row(event: GoodsFlowReported, line: FlowLine, sign: int) -> Change:
    return Change(
        event.dealer,
        line.outlet,
        line.region or "",
        line.item,
        event.currency,
        event.rep,
        event.department,
        event.dealer_region,
        sign * line.quantity,
        sign * line.amount,
        sign * line.quantity if line.outside else 0,
    )


view = View(
    name="sell_through",
    kinds=frozenset({"goods_flow"}),
    change=Change,
    measures=MEASURES,
    rows=rows,
    indexes=(("dealer",), ("outlet",)),
    scope={
        "department": "department",
        "region": "dealer_region",
        "owner": "rep",
        "dealer": "dealer",
    },
)
figure = Figure(
    "sell-through",
    "/sell-through",
    view,
    """Where dealers' goods went, by outlet and product, as they reported it.

    `outside_quantity` went to outlets outside the territory of the agreement that held then.
    """,
    key=("dealer", "outlet", "item", "currency"),
    days=True,
)
