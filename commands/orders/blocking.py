"""Goods are held back where they lie, though they were promised: who was served last waits anew."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from aggregates import Event
from aggregates.inventory.stock import Asked, Stock, StockBlocked, blocking
from aggregates.inventory.stock.events import BlockReason
from aggregates.orders.order import PROMISED, SalesOrder
from commands import Decision, Id, Load, Quantity, Text
from commands.inventory.lot import LOT, choosing, lot_id
from commands.inventory.stock import StockCommand, named, told
from commands.orders.deferral import lets_wait, served_anew
from commands.packs import UNIT, meant


class Taken(NamedTuple):
    """An order that goes without, for now; `waits` says whether it was approved."""

    order: str
    waits: bool


class BlockStock(StockCommand, of=Stock, when=lambda stock: stock.on_hand > stock.blocked):
    """Hold goods back where they lie: they stay on hand, and nobody reserves, sells or sends
    them before they are released.

    What was reserved is blocked as well: the order that was served last keeps what is left for it,
    and waits for the rest.
    """

    quantity: Quantity
    unit: Text | None = UNIT
    reference: Id
    reason: BlockReason = "quarantine"
    lot: Id | None = LOT
    note: Text | None = None

    def on(self, stock: Stock, asked: Asked, load: Load) -> Iterable[Event]:
        asked = named(asked, load, self.item, self.lot)
        asked, quantity = told(asked, load, self.item, self.unit, self.quantity)
        return blocking.block(stock, self.reference, quantity, self.reason, self.note, asked)

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        orders = tuple(self._go_without(load))
        for one in orders:
            if one.waits:
                reason = self.note or f"{self.reason}: {self.reference}"
                yield from lets_wait(load, one.order, reason, at, partial=True)
            else:
                stock: Stock = load(Stock, self.id)
                for released in stock.release(one.order, choosing(load, at)):
                    yield self.stream, released
        yield from super().across(load, at)
        for one in reversed(orders):
            if one.waits:
                yield from served_anew(load, one.order, at, partial=True)

    def _go_without(self, load: Load) -> Iterator[Taken]:
        """The orders that hold what is blocked now, the last one that was served first.

        Of an order of which a part has left, or stands ready to leave, nothing is taken.
        """
        stock: Stock = load(Stock, self.id)
        if load.event(Stock, self.id, StockBlocked.under(self.reference)) is not None:
            return
        free = max(stock.available, 0)
        lot = None if self.lot is None else lot_id(self.item, self.lot)
        if lot is not None:
            free = min(free, stock.lots.of(lot).free)
        missing = meant(load, self.item, self.unit, self.quantity).quantity - free
        for name, held in [*stock.orders.items()][::-1]:
            mine = held if lot is None else stock.lots.held.get(name, {}).get(lot, 0)
            order: SalesOrder = load(SalesOrder, name)
            on_its_way = order.status == "partly_shipped" or any(order.ready.values())
            if missing > 0 and mine and not on_its_way:
                missing -= mine
                yield Taken(name, order.status in PROMISED)
