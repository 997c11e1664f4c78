"""A warehouse is a place of our own that goods are kept at, until it is closed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from aggregates import Aggregate, Event, Refused, Unknown, repeats


class WarehouseRegistered(Event):
    name: str
    city: str | None

    def recorded_under(self) -> str | None:
        return "registered"


class WarehouseChanged(Event):
    name: str
    city: str | None


class WarehouseClosed(Event):
    reason: str


class WarehouseReopened(Event):
    pass


WarehouseEvent = WarehouseRegistered | WarehouseChanged | WarehouseClosed | WarehouseReopened


class WarehouseIsClosed(Refused):
    """A closed warehouse takes nothing in."""


@dataclass(frozen=True)
class Warehouse(Aggregate):
    kind: ClassVar[str] = "warehouse"

    registered: WarehouseRegistered | None = None  # as it was at first, to know a repeat
    name: str = ""
    city: str | None = None
    closed: str | None = None  # the reason, while it lasts

    def register(self, warehouse: WarehouseRegistered) -> Iterator[WarehouseEvent]:
        if not repeats(self.registered, warehouse):
            yield warehouse

    def change(self, **told: Any) -> Iterator[WarehouseEvent]:
        """Set what is told, and keep the rest."""
        self.known()
        before = WarehouseChanged(self.name, self.city)
        if (after := replace(before, **told)) != before:
            yield after

    def close(self, reason: str) -> Iterator[WarehouseEvent]:
        self.known()
        before = None if self.closed is None else WarehouseClosed(self.closed)
        if not repeats(before, after := WarehouseClosed(reason)):
            yield after

    def reopen(self) -> Iterator[WarehouseEvent]:
        self.known()
        if self.closed is not None:
            yield WarehouseReopened()

    def known(self) -> None:
        if self.registered is None:
            raise Unknown(
                "There is no such warehouse. Register the warehouse first.",
                "没有这个仓库。请先登记仓库。",
            )

    def takes_in(self) -> None:
        """Refuse to bring goods into a closed warehouse; one that nobody registered is open."""
        if self.closed is not None:
            raise WarehouseIsClosed(
                f"{self.name} is closed ({self.closed}). Reopen it, or choose another.",
                f"{self.name} 已关闭（{self.closed}）。请重新启用，或选择其他仓库。",
            )

    def evolve(self, event: WarehouseEvent) -> Self:
        match event:
            case WarehouseRegistered(name, city):
                return replace(self, registered=event, name=name, city=city)
            case WarehouseChanged(name, city):
                return replace(self, name=name, city=city)
            case WarehouseClosed(reason):
                return replace(self, closed=reason)
            case WarehouseReopened():
                return replace(self, closed=None)
