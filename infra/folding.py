"""Equal notes within a minute become one: how often it happened, and about what."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.clock import iso

WITHIN = 60_000_000
"""Microseconds for which further equal notes are counted."""
MOST_FOLDED = 10_000
MOST_NAMED = 100
"""Things that one row names; beyond, their number alone is known."""


@dataclass
class Repeats:
    """What followed an equal note that was written."""

    since: int
    kind: str
    actor: str | None
    address: str | None
    detail: Mapping[str, Any]
    times: int = 0
    about: dict[str, None] = field(default_factory=dict)

    def add(self, about: Iterable[str]) -> None:
        self.times += 1
        for one in about:
            if len(self.about) < MOST_NAMED:
                self.about[one] = None

    def told(self) -> dict[str, Any]:
        about = {"about": list(self.about)} if self.about else {}
        return {**self.detail, **about, "times": self.times, "since": iso(self.since)}


class Folding:
    """Not safe for several threads at once."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Repeats] = {}

    def again(self, key: Hashable, first: Repeats, about: Iterable[str]) -> bool:
        """Whether an equal note was written lately: then this one is counted with it."""
        known = self._known.get(key)
        if known is not None:
            known.add(about)
            return True
        if len(self._known) < MOST_FOLDED:
            self._known[key] = first
        return False

    def due(self, until: int | None) -> list[Repeats]:
        """What was counted since before `until`, or ever; who goes on is counted anew."""
        over = [(k, one) for k, one in self._known.items() if until is None or one.since <= until]
        for key, one in over:
            del self._known[key]
            if one.times and until is not None:
                self._known[key] = Repeats(
                    until + WITHIN, one.kind, one.actor, one.address, one.detail
                )
        return [one for _, one in over if one.times]
