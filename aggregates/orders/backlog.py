"""Orders that wait for an item at a warehouse stand in line as they came, each until served."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar, Literal, NamedTuple, Self

from aggregates import Aggregate, Event

Reason = Literal["served", "gone", "frozen", "refused", "expired"]
"""Approved at last; no longer as it was when it came; its customer is frozen; another rule does
not allow that it is approved; or it has waited for as long as it was to."""


class BacklogJoined(Event):
    """`content` is what was to be approved: an order that changes must come anew.

    It waits until the goods have come, or for ever, unless `until` says for how long.
    """

    order: str
    quantity: int
    content: str
    approver: str | None
    until: datetime | None = None


class BacklogLeft(Event):
    """`rule` says which one, and its words: a person shall decide anew."""

    order: str
    reason: Reason
    rule: str | None = None


class BacklogPaused(Event):
    """Enough for one step: whoever stands behind `after` is looked at in the next."""

    after: str | None


BacklogEvent = BacklogJoined | BacklogLeft | BacklogPaused


class Waiting(NamedTuple):
    quantity: int
    content: str
    approver: str | None
    until: datetime | None = None

    def has_ended(self, at: datetime) -> bool:
        return self.until is not None and self.until <= at


def _asked(waiting: Waiting) -> tuple[str, datetime | None]:
    """What was asked by whoever wanted the order approved."""
    return waiting.content, waiting.until


@dataclass(frozen=True)
class Backlog(Aggregate):
    kind: ClassVar[str] = "backlog"
    id_names = "place", "product"

    waiting: Mapping[str, Waiting] = field(default_factory=dict)  # who came first stands first

    @staticmethod
    def id_of(location: str, item: str) -> str:
        return f"{location}:{item}"

    @classmethod
    def parts(cls, stream: str) -> tuple[str, str]:
        """The location and the item of a backlog's stream."""
        location, _, item = stream.removeprefix(f"{cls.kind}-").partition(":")
        return location, item

    def join(self, order: str, waiting: Waiting) -> Iterator[BacklogEvent]:
        """Asked again, an order keeps its place, for as long as was said last; with another
        content it stands at the end.
        """
        before = self.waiting.get(order)
        if before is None or _asked(before) != _asked(waiting):
            yield BacklogJoined(order, *waiting)

    def leave(self, order: str, reason: Reason, rule: str | None = None) -> Iterator[BacklogEvent]:
        if order in self.waiting:
            yield BacklogLeft(order, reason, rule)

    def pause(self, after: str | None) -> Iterator[BacklogEvent]:
        yield BacklogPaused(after)

    def behind(self, after: str | None) -> Iterator[tuple[str, Waiting]]:
        """Who waits behind that order; everybody, where it waits no longer."""
        passed = after not in self.waiting
        for order, waiting in self.waiting.items():
            if passed:
                yield order, waiting
            passed = passed or order == after

    def evolve(self, event: BacklogEvent) -> Self:
        match event:
            case BacklogJoined(order, quantity, content, approver, until):
                waiting = Waiting(quantity, content, approver, until)
                before = self.waiting.get(order)
                same = before is not None and before.content == content
                others = self.waiting if same else self._without(order)
                return replace(self, waiting={**others, order: waiting})
            case BacklogLeft(order):
                return replace(self, waiting=self._without(order))
            case BacklogPaused():
                return self

    def _without(self, order: str) -> Mapping[str, Waiting]:
        return {other: waiting for other, waiting in self.waiting.items() if other != order}
