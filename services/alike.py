"""Pairs that are alike among any number of things, the likest first, in bounded memory."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from heapq import nsmallest
from itertools import combinations
from typing import Any, NamedTuple

from aggregates.likeness import Alike, Traits, compare, keys

Row = dict[str, Any]
SLOTS = 1 << 22
"""How many keys are told apart as they are counted."""
HELD = 20_000
"""Keys of things that are held at once; for more of them, all is read several times."""
MOST_ALIKE = 50
"""Things with one key that are compared: what more have says nothing."""
MOST_COUNTED = 255


class Place(NamedTuple):
    """Where a pair stands: the likest first, and then by their ids."""

    unlike_bp: int
    one: str
    other: str


class Pair(NamedTuple):
    place: Place
    how: Alike
    rows: tuple[Row, Row]


class Likest:
    """The first pairs of those that were added, after a place."""

    def __init__(self, least_bp: int, limit: int, after: Place | None) -> None:
        self.least_bp, self.limit, self.after = least_bp, limit, after
        self._pairs: dict[Place, Pair] = {}

    def add(self, one: Row, other: Row, how: Alike) -> None:
        place = Place(-how.likeness_bp, one["id"], other["id"])
        if how.by and (self.after is None or place > self.after):
            self._pairs[place] = Pair(place, how, (one, other))
            if len(self._pairs) > 4 * self.limit:
                self._pairs = {pair.place: pair for pair in self.first()}

    def first(self) -> list[Pair]:
        return nsmallest(self.limit, self._pairs.values(), key=lambda pair: pair.place)


def likest(
    read: Callable[[], Iterable[tuple[Row, Traits]]],
    least_bp: int,
    limit: int,
    after: Place | None = None,
    held: int = HELD,
) -> list[Pair]:
    """Read all once to count their keys, and again for those that share one, in parts of `held`."""
    counts = bytearray(SLOTS)
    for _, traits in read():
        for key in keys(traits):
            slot = hash(key) % SLOTS
            counts[slot] = min(counts[slot] + 1, MOST_COUNTED)
    shared = sum(counts) - counts.count(1)
    found, parts = Likest(least_bp, limit, after), shared // held + 1
    for part in range(parts if shared else 0):
        by_key = defaultdict[str, list[tuple[Row, Traits]]](list)
        for row, traits in read():
            for key in keys(traits):
                slot = hash(key) % SLOTS
                if counts[slot] > 1 and slot % parts == part and len(by_key[key]) <= MOST_ALIKE:
                    by_key[key].append((row, traits))
        for some in by_key.values():
            some.sort(key=lambda one: one[0]["id"])
            for one, other in combinations(some, 2) if len(some) <= MOST_ALIKE else ():
                found.add(one[0], other[0], compare(one[1], other[1], least_bp))
    return found.first()
