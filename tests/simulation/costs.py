"""Goods that come at a cost, are sent on, and come back, months that are closed over them; and the
checks of what they are worth.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from worth_laws import adds_up, entered, stays

from aggregates.calendar import month_after
from aggregates.inventory.stock import Stock
from aggregates.valuation.stock_period import StockPeriods
from commands import Command
from commands.catalog.product import AddProduct
from commands.inventory.stock import AdjustStock, IssueStock, ReceiveStock, TransferStock
from commands.inventory.stock_corrections import CorrectReceiptCost, ReverseArrival, ReverseMovement
from commands.valuation.stock_period import CloseStockPeriod, ReopenStockPeriod
from projections.valuation.stock_value import rows
from projections.valuation.worth import Close, in_force, valued
from simulation.journeys import Journeys

if TYPE_CHECKING:
    from simulation.decode import Decoded

ITEM, PLACES = "z", ("A", "B")
BEGIN = datetime(2024, 9, 1, tzinfo=UTC)
MONTHS = ("2024-09", "2024-10", "2024-11", "2024-12")
NAMES = tuple(f"v{number}" for number in range(9))


class Costs:
    """Few names and many instants, over some months."""

    def __init__(self, random: Random, journeys: Journeys) -> None:
        self.random, self.journeys = random, journeys
        self.transfers = 0

    def opening(self) -> Iterator[Command]:
        what = {"category": "x", "unit": "box", "list_price": 100, "currency": "CNY"}
        yield AddProduct(id=ITEM, name=ITEM, cost=40, **what)
        for place in PLACES:
            came = {"location": place, "item": ITEM, "quantity": 60, "reference": "begun"}
            yield ReceiveStock(**came, unit_cost=30, occurred_at=BEGIN)

    def command(self) -> Command:
        random = self.random
        choice, few = random.random(), random.randrange(1, 9)
        at = {"occurred_at": BEGIN + timedelta(hours=random.randrange(24 * 120))}
        told: dict[str, Any] = {"item": ITEM, "reference": random.choice(NAMES)}
        told["location"] = random.choice(PLACES)
        if choice < 0.1:
            return CloseStockPeriod(month=random.choice(MONTHS))
        if choice < 0.13:
            return ReopenStockPeriod(month=random.choice(MONTHS), reason="counted anew")
        if choice < 0.35:
            cost = random.choice((None, random.randrange(90)))
            return ReceiveStock(**told, **at, quantity=few, unit_cost=cost)
        if choice < 0.5:
            return CorrectReceiptCost(**told, cost=random.randrange(900), reason="invoiced")
        if choice < 0.6:
            document = random.choice(("received", "issued", "adjusted"))
            return ReverseMovement(**told, document=document, reason="mistaken")
        if choice < 0.65:
            return AdjustStock(**told, **at, quantity=few - 5 or 1, reason="found")
        if choice < 0.8:
            return IssueStock(**told, **at, quantity=few, reason="sample")
        return self._on_the_way(few, at)

    def _on_the_way(self, few: int, at: dict[str, datetime]) -> Command:
        random, ways = self.random, [w for w in self.journeys.ways if w["item"] == ITEM]
        if ways and random.random() < 0.3:
            receipt = f"c{random.randrange(1, 1 + max(self.journeys.receipts, 1))}"
            return ReverseArrival(**random.choice(ways[-4:]), receipt=receipt, reason="miscounted")
        self.transfers += 1
        sent, there = random.sample(PLACES, 2)
        name = f"w{self.transfers}"
        self.journeys.begins(there, ITEM, name)
        where = {"from_location": sent, "to_location": there}
        return TransferStock(**where, item=ITEM, transfer=name, quantity=few, **at)


def worth(events: "Decoded") -> list[str]:
    """(w) Value goes with the goods, and what is closed stays; months are closed in their order."""
    told = (one for one in events if one[0].kind == Stock.kind)
    every = [row for event, content in told for row in entered(event, event.occurred_at, content)]
    acts = [_act(row.position, content) for row, content in _periods(events)]
    found = [*_in_order(events)]
    for item in {row.item for row in every}:
        mine = [row for row in every if row.item == item]
        found += [*adds_up([*valued(mine, in_force(acts))]), *stays(mine, acts)]
    return [f"(w) {one}" for one in found]


def _periods(events: "Decoded") -> Iterator[tuple[Any, Any]]:
    return ((event, content) for event, content in events if event.kind == StockPeriods.kind)


def _act(position: int, content: Any) -> tuple[bool, Close]:
    closes = hasattr(content, "until")
    (row,) = rows(None, content)  # type: ignore[arg-type]
    return closes, Close(position, row.until, content.month)


def _in_order(events: "Decoded") -> Iterator[str]:
    closed = list[str]()
    for event, content in _periods(events):
        if not hasattr(content, "until"):
            if closed.pop() != content.month:
                yield f"{event.position} opens another month than the last"
            continue
        if closed and content.month != month_after(closed[-1]):
            yield f"{event.position} closes {content.month} after {closed[-1]}"
        closed.append(content.month)
