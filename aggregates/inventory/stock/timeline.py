"""What is remembered of a stock's past, so that what is told late finds its place in it."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

KEPT, LOT = 64, 16
"""So many movements and counts are remembered at least. Movements are forgotten in lots: each
change copies a lot, not all."""


class Movement(NamedTuple):
    at: datetime
    quantity: int


class Count(NamedTuple):
    """`effect` is what on hand changed by at that instant: the difference, as it is known now."""

    at: datetime
    reference: str
    counted: int
    effect: int


class Timeline(NamedTuple):
    movements: tuple[tuple[Movement, ...], ...] = ((),)  # in the order of their entry
    counts: tuple[Count, ...] = ()  # in the order of time
    latest: datetime | None = None  # of all movements
    forgotten: datetime | None = None  # up to then, movements are not known any more
    uncounted: datetime | None = None  # up to then, counts are not known any more

    def late(self, at: datetime) -> bool:
        """Whether something that was recorded happened after that instant, or was counted at it."""
        if self.latest is None or at > self.latest:
            return False
        return at < self.latest or (bool(self.counts) and at <= self.counts[-1].at)

    def counted(self, at: datetime) -> Count | None:
        """The first count that what happens at that instant was there for."""
        return next((count for count in self.counts if at <= count.at), None)

    def book(self, on_hand: int, at: datetime) -> int:
        """What was on hand at that instant, as it is known now."""
        return on_hand - sum(m.quantity for lot in self.movements for m in lot if m.at > at)

    def balances(
        self, on_hand: int, since: datetime, until: datetime | None
    ) -> Iterator[tuple[datetime, int]]:
        """Each instant from then on at which stock moved, and what was on hand; latest first.

        What is counted at the end is left out: what moves at the instant of a count is before it.
        """
        changes: Counter[datetime] = Counter()
        for lot in self.movements:
            for movement in lot:
                if movement.at > since:
                    changes[movement.at] += movement.quantity
        for at in sorted(changes, reverse=True):
            if until is None or at < until:
                yield at, on_hand
            on_hand -= changes[at]
        if since == until:
            on_hand -= sum(count.effect for count in self.counts if count.at == since)
        yield since, on_hand

    def moved(self, at: datetime, quantity: int) -> "Timeline":
        movements, counts, latest, forgotten, uncounted = self
        *full, last = movements
        if len(last) == LOT:
            full, last = [*full, last], ()
            if len(full) * LOT > KEPT:
                oldest = max(movement.at for movement in full.pop(0))
                forgotten = oldest if forgotten is None or oldest > forgotten else forgotten
        if latest is None or at > latest:
            latest = at
        lots = (*full, (*last, Movement(at, quantity)))
        return Timeline(lots, counts, latest, forgotten, uncounted)

    def with_count(self, count: Count) -> "Timeline":
        place = bisect_right(self.counts, count.at, key=lambda known: known.at)
        counts, uncounted = (*self.counts[:place], count, *self.counts[place:]), self.uncounted
        if len(counts) > KEPT:
            uncounted = counts[0].at if uncounted is None else max(uncounted, counts[0].at)
            counts = counts[1:]
        return self._replace(counts=counts, uncounted=uncounted)

    def recounted(self, at: datetime, reference: str, quantity: int) -> "Timeline":
        """The count with another effect."""
        return self._replace(
            counts=tuple(
                count._replace(effect=count.effect + quantity)
                if (count.at, count.reference) == (at, reference)
                else count
                for count in self.counts
            )
        )

    def without_count(self, at: datetime, reference: str) -> "Timeline":
        left = (each for each in self.counts if (each.at, each.reference) != (at, reference))
        return self._replace(counts=tuple(left))


EMPTY = Timeline()
