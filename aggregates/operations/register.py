"""A register holds the ids of one kind, so that no two differ by capitals alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Self

from aggregates import Aggregate, Event, Refused, Unknown


class IdRegistered(Event):
    entry: str


class IdWithdrawn(Event):
    entry: str


RegisterEvent = IdRegistered | IdWithdrawn


class TooAlike(Refused):
    """Two ids that differ by capitals alone are one id, mistyped."""


@dataclass(frozen=True)
class Register(Aggregate):
    """All ids of a kind that is kept in hundreds, not in millions; its id is the kind."""

    kind: ClassVar[str] = "register"

    ids: Mapping[str, str] = field(default_factory=dict)  # as they are spelt, by small letters

    def enter(self, name: str) -> Iterator[RegisterEvent]:
        if not self.holds(name):
            yield IdRegistered(name)

    def strike(self, name: str) -> Iterator[RegisterEvent]:
        if self.ids.get(name.lower()) == name:
            yield IdWithdrawn(name)

    def holds(self, name: str) -> bool:
        """Whether the id is known; one that is spelt otherwise is refused."""
        known = self.ids.get(name.lower())
        if known is not None and known != name:
            raise TooAlike(
                f"{name} is registered as {known}. Write {known}.",
                f"{name} 登记为 {known}。请写 {known}。",
            )
        return known is not None

    def must_hold(self, name: str) -> None:
        """Refuse an id that is not known, once any is: a company without a register is free."""
        if not self.holds(name) and self.ids:
            raise Unknown(
                f"There is no {name}. Register it first, or check its id.",
                f"没有 {name}。请先登记，或检查其编号。",
            )

    def evolve(self, event: RegisterEvent) -> Self:
        match event:
            case IdRegistered(entry):
                return type(self)({**self.ids, entry.lower(): entry})
            case IdWithdrawn(entry):
                left = {low: name for low, name in self.ids.items() if name != entry}
                return type(self)(left)
