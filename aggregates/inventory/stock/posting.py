"""A movement, however late it is told: it meets what was counted and what was there since."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from aggregates import DateFlagged
from aggregates.inventory.stock import lotted
from aggregates.inventory.stock.asked import Asked
from aggregates.inventory.stock.events import (
    StockArrivalReversed,
    StockCounted,
    StockEvent,
    StockMoved,
    StockRecounted,
    StockReversed,
)
from aggregates.inventory.stock.lotted import Going
from aggregates.inventory.stock.refusals import (
    BeforeItWasSent,
    CountedTooFew,
    MovementTooOld,
    NotEnough,
    NotEnoughThen,
)
from aggregates.inventory.stock.timeline import Count

if TYPE_CHECKING:
    from aggregates.inventory.stock import Stock

Yielded = Iterator[StockEvent | DateFlagged]
UNDONE = StockReversed, StockArrivalReversed
UNBOUND = None
"""What there is to have of a movement that no rule holds back: it happened."""


def post(
    stock: "Stock",
    event: StockMoved,
    change: int,
    asked: Asked,
    have: int | None = UNBOUND,
    lots: Going | None = None,
) -> Yielded:
    """A movement, however late, and the lots that go with it.

    What undoes a record brings nothing in: the goods never went.
    """
    if change > 0 and event.holder == "warehouse" and not isinstance(event, StockReversed):
        asked.takes_in()
    yield from _post(stock, event, change, asked, have)
    if lots is not None and lots.parts:
        yield from lotted.moved(stock, event, lots)


def _post(
    stock: "Stock", event: StockMoved, change: int, asked: Asked, have: int | None
) -> Yielded:
    """The first count after it knew of it and stands: what its difference was, it is less the
    change. What leaves is limited by what there is to `have`.
    """
    at = event.moved_at
    if not stock.past.late(at):
        if have is not None and -change > max(have, 0):
            raise NotEnough(have, -change, undoes=isinstance(event, UNDONE))
        yield event
        return
    count = _counted(stock, event)
    if have is not None and change < 0:
        if count is None and -change > max(have, 0):
            raise NotEnough(have, -change, undoes=isinstance(event, StockReversed))
        if event.holder == "warehouse":
            yield from _there(stock, event, -change, count, asked)
    if isinstance(event, StockCounted) and event.holder == "warehouse" and change < 0:
        yield from _left(stock, event, count, asked)
    yield event
    if count is not None and change:
        cause = event.recorded_under() or ""
        yield StockRecounted(event.holder, count.reference, -change, cause, count.at)


def follows(event: StockEvent, cause: Any, what: str, asked: Asked) -> Yielded:
    """Nothing is dated before what it follows from."""
    limit, given = cause and cause.moved_at, getattr(event, "moved_at", None)
    if limit is not None and given is not None and given < limit and asked.told:
        yield from asked.refuse(event, given, limit, BeforeItWasSent(what, given, limit))


def _counted(stock: "Stock", event: StockMoved) -> Count | None:
    """The first count that knew of the event, but for the one that it reverses."""
    at, past = event.moved_at, stock.past
    if past.uncounted is not None and at <= past.uncounted:
        raise MovementTooOld(at, past.uncounted)
    if isinstance(event, StockReversed) and event.document == "counted":
        past = past.without_count(at, event.reference)
    return past.counted(at)


def _left(stock: "Stock", event: StockCounted, count: Count | None, asked: Asked) -> Yielded:
    """What was counted, of a lot or of all, is enough for what left until the next count."""
    at, until = event.moved_at, count and count.at
    shelf = stock if event.lot is None else stock.lots.of(event.lot)
    for instant, there in [*shelf.past.balances(shelf.on_hand, at, until)][::-1]:
        if (short := -(there + event.difference)) > 0:
            why = CountedTooFew(at, event.counted, short, instant)
            yield from asked.refuse(event, at, instant, why)
            return


def _there(
    stock: "Stock", event: StockMoved, quantity: int, count: Count | None, asked: Asked
) -> Yielded:
    """So many were there at that instant, and since then until they were counted."""
    at, past, until = event.moved_at, stock.past, count and count.at
    if past.forgotten is not None and at < past.forgotten:
        why: Any = MovementTooOld(at, past.forgotten)
        yield from asked.refuse(event, at, past.forgotten, why)
        return
    enough = until
    for instant, there in past.balances(stock.on_hand, at, until):
        if there < quantity:
            limit = enough or instant
            why = NotEnoughThen(at, quantity, there, limit)
            yield from asked.refuse(event, at, limit, why)
            return
        enough = instant
