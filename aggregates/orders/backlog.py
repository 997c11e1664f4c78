"""Orders that wait for an item at a warehouse stand in line as they came, each until served."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal, NamedTuple, Self

from aggregates import Aggregate, Event

Reason = Literal["served", "gone", "frozen", "refused"]
"""Approved at last; no longer as it was when it came; its customer is frozen; or another rule
does not allow that it is approved."""


class BacklogJoined(Event):
    """`content` is what was to be approved: an order that changes must come anew."""

    order: str
    quantity: int
    content: str
    approver: str | None


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
        """Asked again, an order keeps its place; with another content it stands at the end."""
        before = self.waiting.get(order)
        if before is None or before.content != waiting.content:
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
            case BacklogJoined(order, quantity, content, approver):
                waiting = Waiting(quantity, content, approver)
                return replace(self, waiting={**self._without(order), order: waiting})
            case BacklogLeft(order):
                return replace(self, waiting=self._without(order))
            case BacklogPaused():
                return self

    def _without(self, order: str) -> Mapping[str, Waiting]:
        return {other: waiting for other, waiting in self.waiting.items() if other != order}
