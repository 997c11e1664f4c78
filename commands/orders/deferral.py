"""Orders whose goods are not all there after all, such as after a count, wait anew."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from aggregates import Refused, refuse_unequal
from aggregates.inventory.stock import Stock
from aggregates.orders.order import NO_TERMS, SalesOrder
from commands import Command, Decision, Load, Text, Truth
from commands.inventory.lot import choosing
from commands.orders.order_stock import (
    approval,
    approval_of_a_part,
    held,
    joins,
    there_is,
    with_settings,
)


class NothingShort(Refused):
    """What is there is not let go as if it were not."""


class DeferOrder(Command, of=SalesOrder, when=lambda order: order.status == "approved"):
    """Let an approved order wait anew where the goods that it holds are not all there, such as
    after a count: it is approved by itself when they have come.

    `partial` keeps what is there. What is not becomes an order of its own and waits.
    """

    reason: Text
    partial: Truth = False

    @classmethod
    def possible(cls, load: Load, id: str, at: datetime) -> bool:
        order: SalesOrder = load(SalesOrder, id)
        possible = super().possible(load, id, at)
        return possible and _any_short(order, held(id, order, load), load)

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        order: SalesOrder = load(SalesOrder, self.id)
        goods = held(self.id, order, load)
        if not _any_short(order, goods, load):
            self._again(order)
            return
        yield from lets_wait(load, self.id, self.reason, at, partial=self.partial)
        yield from served_anew(load, self.id, at, partial=self.partial)

    def _again(self, order: SalesOrder) -> None:
        """Nothing is news once it was deferred; what holds all its goods is not."""
        if (before := order.deferred) is None:
            raise NothingShort(
                "All that the order holds is there. Ship it, or cancel it with cancel-order.",
                "订单预留的货物都在库。请发货，或用 cancel-order 取消订单。",
            )
        refuse_unequal(
            ("reason", before.reason, self.reason), ("partial", before.partial, self.partial)
        )


def lets_wait(
    load: Load, id: str, reason: str, at: datetime, *, partial: bool
) -> Iterator[Decision]:
    """Let go all that an approved order holds."""
    order: SalesOrder = load(SalesOrder, id)
    goods = held(id, order, load)
    for event in order.defer(reason, at, goods, partial=partial):
        yield SalesOrder.stream(id), event
    for item in goods:
        place = Stock.id_of(order.known().warehouse, item)
        for released in load(Stock, place).release(id, choosing(load, at)):
            yield Stock.stream(place), released


def served_anew(load: Load, id: str, at: datetime, *, partial: bool) -> Iterator[Decision]:
    """Approve it as far as its goods are there, and have it wait for the rest."""
    terms = with_settings(NO_TERMS, load, at)
    if partial and not there_is(id, load(SalesOrder, id), load, at):
        yield from joins(id, None, None, load, at)
    elif partial:
        yield from approval_of_a_part(id, load, at, None, None, None, terms)
    else:
        yield from approval(id, load, at, None, None, terms)


def _any_short(order: SalesOrder, goods: Iterable[str], load: Load) -> bool:
    warehouse = order.known().warehouse
    return any(load(Stock, Stock.id_of(warehouse, item)).short for item in goods)
