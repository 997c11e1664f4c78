"""What a request brings to a stock besides its content: when, and what is on record already."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from aggregates import DateFlagged, Event, OutOfOrder, repeats, taken
from aggregates.inventory.stock.events import (
    LotPart,
    StockBlocked,
    StockCounted,
    StockReceived,
    under,
)
from aggregates.inventory.stock.lots import LotChoice, LotTerms, Parts, no_terms
from aggregates.packs import Packed

E = TypeVar("E", bound=Event)
N = TypeVar("N", bound=Any)


def _anything() -> None:
    """Goods may come in."""


class Asked(NamedTuple):
    """`recorded` answers the event of this stock under a reference; ask it before deciding."""

    at: datetime
    recorded: Callable[[str], Any]
    told: bool = True
    flag: bool = False
    terms: Callable[[str, datetime], LotTerms] = no_terms
    """Those of a lot, which are looked up where there are lots."""
    lot: str | None = None
    """The one that is named."""
    parts: Parts = ()
    """What follows of lots from what is recorded elsewhere."""
    packed: Packed | None = None
    """How its quantity was said, where that was in packs."""
    takes_in: Callable[[], None] = _anything
    """Refuses goods that come in where none may: asked of a warehouse's stock alone."""

    def choice(self, at: datetime) -> LotChoice:
        return LotChoice(at, self.terms, self.lot, self.parts)

    def brought(self, quantity: int) -> Parts:
        """The lots that so many goods are of, which come in."""
        return self.parts if self.lot is None else (LotPart(self.lot, quantity),)

    def once(self, event: E, *but: str) -> E | None:
        """The event, or None where it is on record; what differs from the record is refused."""
        before = self.recorded(event.recorded_under() or "")
        if before is None:
            return event
        repeats(before, event, but=self._open(but, before, event))
        self.same_lot(before)
        return None

    def anew(self, event: N, *but: str) -> N | None:
        """The same, but that a name is free again once what was recorded is reversed."""
        while (before := self.recorded(event.recorded_under())) is not None:
            if self._undoing(event) is None:
                repeats(before, event, but=self._open(but, before, event))
                self.same_lot(before)
                return None
            event = _next(event)
        return event

    def last(self, document: str, name: str) -> tuple[Any, Any]:
        """What is recorded last under a name, and what undid it."""
        found, undoing, again = None, None, None
        while (before := self.recorded(under(document, name, again))) is not None:
            found, undoing = before, self._undoing(before)
            again = (again or 1) + 1
        return found, undoing

    def same_lot(self, before: Event) -> None:
        """Refuse another lot than was recorded; who names none leaves it open, but for what is
        received.
        """
        if isinstance(before, StockCounted):  # it names the lot itself
            return
        if self.lot is None and not isinstance(before, StockReceived):
            return
        found: Any = before
        if not isinstance(before, StockBlocked):
            found = self.recorded(f"lots {before.recorded_under()}")
        known = ", ".join(part.lot for part in found.lots) if found else None
        if known != self.lot and not self.parts:
            raise taken([("lot", known, self.lot)])

    def refuse(
        self, event: Event, given: datetime, limit: datetime, why: OutOfOrder
    ) -> Iterator[DateFlagged]:
        """Refuse the date, or flag it where that was asked for."""
        if not self.flag:
            raise why
        yield DateFlagged(type(event).__name__, type(why).__name__, given, limit)

    def _undoing(self, event: Any) -> Any:
        return self.recorded(f"reversed {event.recorded_under()}")

    def _open(self, but: Collection[str], before: Any, event: Any) -> Collection[str]:
        """What the request did not say itself: the holder, the moment if it is now, and how many
        its packs come to, if just so many were recorded.
        """
        left_open = ("holder", *but)
        told, packed = getattr(before, "packed", None), self.packed
        if told is not None and packed is not None and told.says(packed.quantity, packed.unit):
            left_open = (*left_open, "packed", "quantity", "counted")
            lost, gone = getattr(before, "lost", 0), getattr(event, "lost", 0)
            if lost * packed.factor == gone * told.factor:  # it was said in the same packs
                left_open = (*left_open, "lost")
        return left_open if self.told else (*left_open, "moved_at", "counted_at")


def _next(event: Any) -> Any:
    return replace(event, again=(event.again or 1) + 1)
