"""What the backorders process asks: an order whose goods have come is approved as it stood."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, ClassVar

from aggregates import Aggregate, Refused
from aggregates.customers.customer import FrozenCustomer
from aggregates.inventory.lot import ProductLot
from aggregates.inventory.stock import Stock
from aggregates.orders.backlog import Backlog, BacklogEvent, Reason, Waiting
from aggregates.orders.order import NO_TERMS, SalesOrder
from aggregates.receivables.account.credit import OverCreditLimit
from commands import Command, Decision, Id, Instant, Load, Quantity
from commands.business import served
from commands.inventory.lot import LotCommand, choosing
from commands.naming import that_name
from commands.orders.order_stock import approval, shortages, wanted, with_settings
from commands.receivables.credit import order_entered, over_limit

LOOKS = 20
"""Most orders that one command looks at: its transaction stays short."""


class BacklogCommand(Command):
    """A request about who waits for one item at one location.

    Declared without `of`: neither the API nor the CLI offers it. To join is to have been
    refused for want of stock, and only the record of that says who had approved what.
    """

    aggregate: ClassVar[type[Aggregate]] = Backlog
    id: ClassVar[Any] = property(lambda self: Backlog.id_of(self.location, self.item))  # type: ignore[misc]

    location: Id
    item: Id


class JoinBacklog(BacklogCommand):
    """Let an order wait for an item that it was refused for."""

    added: ClassVar[tuple[str, ...]] = (*Command.added, "until")

    order: Id
    quantity: Quantity
    content: str
    approver: Id | None
    until: Instant | None = None

    def decide(self, state: Backlog, at: datetime) -> Iterator[BacklogEvent]:
        waiting = Waiting(self.quantity, self.content, self.approver, self.until)
        return state.join(self.order, waiting)


class ServeBacklog(BacklogCommand):
    """Approve the orders whose goods are all there now, first come, first served.

    An order that is still short of something stays where it stands, and nobody waits for it:
    goods do not lie idle for the sake of a larger order ahead. It joins the backlog of whatever
    it lacks by now, so that no later receipt passes it by.
    """

    after: Id | None = None

    def touches(self) -> Iterator[tuple[type[Aggregate], str]]:
        yield Backlog, self.id
        yield Stock, self.id

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        backlog: Backlog = load(Backlog, self.id)
        looked, stays = 0, self.after
        for order, waiting in backlog.behind(self.after):
            if waiting.quantity <= load(Stock, self.id).reach(order, choosing(load, at)):
                if looked == LOOKS:
                    yield from _told(self.stream, backlog.pause(stays))
                    return
                looked += 1
                yield from self._look(order, waiting, load, at)
            if order in load(Backlog, self.id).waiting:
                stays = order

    def _look(self, name: str, waiting: Waiting, load: Load, at: datetime) -> Iterator[Decision]:
        order: SalesOrder = load(SalesOrder, name)
        if (order.status, order.content) != ("submitted", waiting.content):
            yield from _told(self.stream, load(Backlog, self.id).leave(name, "gone"))
            return
        try:  # all of it before any of it: no rule that stops this order may stop those behind it
            decided = tuple(_decided(name, order, waiting, load, at))
        except Refused as no:  # once that is mended, a person shall decide anew
            yield from _stopped(name, order, no, load)
            return
        yield from decided
        yield from order_entered(load, name)  # what it takes of the credit, now that it is approved


class ServeFromLot(LotCommand):
    """Serve whoever waits wherever a lot lies, that may be issued now and could not be before.

    Declared without `of`, as what the process asks is.
    """

    aggregate: ClassVar[type[Aggregate]] = ProductLot

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        for place in that_name(load, ProductLot, self.id, Stock):
            if (backlog := load(Backlog, place)).waiting:
                yield from _told(Backlog.stream(place), backlog.pause(None))


class EndBackorder(Command):
    """Let an order wait no longer, if it has waited for all that it lacks as long as it was to.

    Declared without `of`, as what the process asks is.
    """

    aggregate: ClassVar[type[Aggregate]] = SalesOrder

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        order: SalesOrder = load(SalesOrder, self.id)
        short = shortages(self.id, order, load, at) if order.status == "submitted" else ()
        places = (Backlog.id_of(order.known().warehouse, each.item) for each in short)
        backlogs: list[Backlog] = [load(Backlog, place) for place in places]
        lines = [one.waiting[self.id] for one in backlogs if self.id in one.waiting]
        if lines and all(waiting.has_ended(at) for waiting in lines):
            yield from _leaves(self.id, order, "expired", load)


def _stopped(name: str, order: SalesOrder, no: Refused, load: Load) -> Iterator[Decision]:
    if isinstance(no, FrozenCustomer):
        return _leaves(name, order, "frozen", load)
    return _leaves(name, order, "refused", load, f"{type(no).__name__}: {no}")


def _decided(
    name: str, order: SalesOrder, waiting: Waiting, load: Load, at: datetime
) -> Iterator[Decision]:
    served(load, order.known().customer)
    if shortages(name, order, load, at):
        if waiting.has_ended(at):
            return _leaves(name, order, "expired", load)
        return _still_short(name, order, waiting, load, at)
    return _served(name, order, waiting, load, at)


def _served(
    name: str, order: SalesOrder, waiting: Waiting, load: Load, at: datetime
) -> Iterator[Decision]:
    terms = with_settings(NO_TERMS, load, at)
    if (refused := over_limit(load, name)) is not None:
        raise OverCreditLimit(*refused.said())
    yield from approval(name, load, at, waiting.approver, waiting.content, terms)
    yield from _leaves(name, order, "served", load)


def _leaves(
    name: str, order: SalesOrder, reason: Reason, load: Load, rule: str | None = None
) -> Iterator[Decision]:
    """Let an order leave every line that it stands in, whichever item it waits for."""
    for item in wanted(order):
        place = Backlog.id_of(order.known().warehouse, item)
        yield from _told(Backlog.stream(place), load(Backlog, place).leave(name, reason, rule))


def _still_short(
    name: str, order: SalesOrder, waiting: Waiting, load: Load, at: datetime
) -> Iterator[Decision]:
    for short in shortages(name, order, load, at):
        place = Backlog.id_of(order.known().warehouse, short.item)
        joined = load(Backlog, place).join(name, waiting._replace(quantity=short.wanted))
        yield from _told(Backlog.stream(place), joined)


def _told(stream: str, events: Iterable[BacklogEvent]) -> Iterator[Decision]:
    for event in events:
        yield stream, event
