"""What may be asked about warehouses, and where goods may lie at all."""

from collections.abc import Iterator
from datetime import datetime

from pydantic import Field

from aggregates.customer import Customer
from aggregates.register import Register, TooAlike
from aggregates.stock import Held
from aggregates.warehouse import Warehouse, WarehouseEvent, WarehouseRegistered
from commands import Command, Decision, Load, Text

WAREHOUSES = "warehouses"
"""The register that holds their ids."""
KEPT = "As before, unless given."


class RegisterWarehouse(Command, of=Warehouse):
    """Register a warehouse. From the first one on, goods lie only where a register says."""

    name: Text
    city: Text | None = None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state, register = load(Warehouse, self.id), load(Register, WAREHOUSES)
        entries = [*register.enter(self.id)]
        for event in state.register(WarehouseRegistered(self.name, self.city)):
            yield self.stream, event
        for entry in entries:
            yield Register.stream(WAREHOUSES), entry


class ChangeWarehouse(Command, of=Warehouse):
    """Correct a warehouse's name or city."""

    name: Text | None = Field(None, description=KEPT)
    city: Text | None = Field(None, description=KEPT)

    def decide(self, state: Warehouse, at: datetime) -> Iterator[WarehouseEvent]:
        return state.change(self.name, self.city)


class CloseWarehouse(Command, of=Warehouse):
    """Close a warehouse: nothing new comes in, what is there may still leave."""

    reason: Text

    def decide(self, state: Warehouse, at: datetime) -> Iterator[WarehouseEvent]:
        return state.close(self.reason)


class ReopenWarehouse(Command, of=Warehouse):
    """Let goods come into a closed warehouse again."""

    def decide(self, state: Warehouse, at: datetime) -> Iterator[WarehouseEvent]:
        return state.reopen()


def holder_at(load: Load, location: str) -> Held:
    """Who holds the goods there by the registers: a dealer, or a warehouse; None where no
    warehouse was ever registered, so that no register says.

    Raises `Unknown` for a place that no register knows, and `TooAlike` for one that is spelt
    with other capitals.
    """
    if load(Customer, location).customer_kind == "dealer":
        return "dealer"
    for other in {location.upper(), location.lower()} - {location}:
        if load(Customer, other).customer_kind == "dealer":
            raise TooAlike(
                f"{location} is registered as the dealer {other}. Write {other}.",
                f"{location} 登记为经销商 {other}。请写 {other}。",
            )
    register: Register = load(Register, WAREHOUSES)
    register.must_hold(location)
    return "warehouse" if register.ids else None


def takes_in(load: Load, location: str) -> None:
    """Refuse to bring goods into a closed warehouse."""
    load(Warehouse, location).takes_in()
