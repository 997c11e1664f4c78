"""What is known of the lots of a stock. What is on hand beyond them is of no lot."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import NamedTuple

from aggregates.calendar import business_day
from aggregates.inventory.stock.events import LotPart, LotsExpected, LotsHeld, LotsMoved
from aggregates.inventory.stock.timeline import EMPTY, Count, Timeline
from aggregates.long_mapping import LongMapping

Parts = tuple[LotPart, ...]
BEGINNING = datetime.min.replace(tzinfo=UTC)
DRY = 16
"""So many lots are remembered that have nothing left, for what is told late."""


class LotTerms(NamedTuple):
    """What a lot says of itself."""

    expires_on: date | None = None
    quarantined: bool = False

    def usable(self, on: date) -> bool:
        return not self.quarantined and (self.expires_on is None or on <= self.expires_on)


def no_terms(_: str, __: datetime) -> LotTerms:
    return LotTerms()


class LotChoice(NamedTuple):
    """Which lot is asked for, and how the terms of lots are looked up, as of an instant.

    What is `named` is taken, or nothing is; without it what expires first is. Of `rather` is taken
    as much as there is.
    """

    at: datetime
    terms: Callable[[str, datetime], LotTerms] = no_terms
    named: str | None = None
    rather: Parts = ()

    @property
    def day(self) -> date:
        return business_day(self.at)

    def usable(self, lot: str) -> bool:
        return self.terms(lot, self.at).usable(self.day)

    def first(self, lots: Iterable[str]) -> list[str]:
        """What expires first stands first, and what never does stands last."""
        return sorted(lots, key=lambda lot: (self.terms(lot, self.at).expires_on or date.max, lot))


def blocking(reference: str) -> str:
    """What holds lots that are blocked under a reference; no order is called so."""
    return f"blocked {reference}"


class LotStock(NamedTuple):
    """So many of a lot are on hand, and so many of them set aside for orders, or blocked."""

    on_hand: int = 0
    held: int = 0
    past: Timeline = EMPTY

    @property
    def free(self) -> int:
        return self.on_hand - self.held

    @property
    def used(self) -> bool:
        return bool(self.on_hand or self.held)


@dataclass(frozen=True)
class StockLots:
    """By lot what is there, by order what is held, and by what is blocked, by transfer what is to
    come. Of lots that were forgotten nothing is told late from before `forgotten`.
    """

    there: Mapping[str, LotStock] = field(default_factory=dict)
    held: LongMapping[Mapping[str, int]] = field(default_factory=LongMapping)
    coming: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    forgotten: datetime | None = None

    def __bool__(self) -> bool:
        """Whether there was ever a lot."""
        return bool(self.there or self.coming) or self.forgotten is not None

    @property
    def on_hand(self) -> int:
        return sum(lot.on_hand for lot in self.there.values())

    @property
    def reserved(self) -> int:
        return sum(lot.held for lot in self.there.values())

    def holders(self, lot: str) -> list[str]:
        """The orders that hold some of it."""
        return [order for order, mine in self.held.items() if lot in mine and " " not in order]

    def of(self, lot: str) -> LotStock:
        return self.there.get(lot, LotStock())

    def after(self, event: LotsMoved | LotsHeld | LotsExpected) -> "StockLots":
        match event:
            case LotsMoved():
                return self._moved(event)
            case LotsHeld(_, order, parts):
                return self.holding(order, parts)
            case LotsExpected(_, transfer, parts):
                coming = self.coming.get(transfer, {})
                return replace(self, coming=_with(self.coming, transfer, added(coming, parts)))

    def _moved(self, event: LotsMoved) -> "StockLots":
        there = dict(self.there)
        for lot, quantity in _pairs(event.lots):
            known = there.get(lot, LotStock())
            past = known.past.moved(event.moved_at, quantity)
            there[lot] = LotStock(known.on_hand + quantity, known.held, past)
        after = replace(self, there=there)
        if event.order is not None:  # what was set aside for it has left
            after = after.holding(event.order, event.lots)
        return after.forgetting()

    def holding(self, order: str, parts: Parts) -> "StockLots":
        there = dict(self.there)
        for lot, quantity in _pairs(parts):
            known = there.get(lot, LotStock())
            there[lot] = known._replace(held=known.held + quantity)
        mine = _left(added(self.held.get(order, {}), parts))
        return replace(self, there=there, held=self.held.changed(order, mine or None))

    def counted(self, lot: str, count: Count) -> "StockLots":
        known = self.of(lot)
        past = known.past.with_count(count)
        return replace(self, there={**self.there, lot: known._replace(past=past)})

    def without_count(self, at: datetime, reference: str) -> "StockLots":
        there = {
            lot: known._replace(past=known.past.without_count(at, reference))
            for lot, known in self.there.items()
        }
        return replace(self, there=there)

    def forgetting(self) -> "StockLots":
        dry = [lot for lot, known in self.there.items() if not known.used]
        if len(dry) <= DRY:
            return self
        oldest = min(dry, key=lambda lot: (_last(self.there[lot]), lot))
        last, there = _last(self.there[oldest]), dict(self.there)
        del there[oldest]
        forgotten = last if self.forgotten is None else max(self.forgotten, last)
        return replace(self, there=there, forgotten=forgotten)


NO_LOTS = StockLots()


def _pairs(parts: Parts) -> Iterable[tuple[str, int]]:
    return ((part.lot, part.quantity) for part in parts)


def added(quantities: Mapping[str, int], parts: Parts) -> Mapping[str, int]:
    """By lot, with what the parts bring or take."""
    sums = dict(quantities)
    for lot, quantity in _pairs(parts):
        sums[lot] = sums.get(lot, 0) + quantity
    return sums


def _with(
    every: Mapping[str, Mapping[str, int]], key: str, mine: Mapping[str, int]
) -> Mapping[str, Mapping[str, int]]:
    left = _left(mine)
    others = {other: lots for other, lots in every.items() if other != key}
    return {**others, key: left} if left else others


def _left(quantities: Mapping[str, int]) -> Mapping[str, int]:
    return {lot: quantity for lot, quantity in quantities.items() if quantity}


def _last(known: LotStock) -> datetime:
    return known.past.latest or BEGINNING
