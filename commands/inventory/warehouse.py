"""What may be asked about warehouses."""

from collections.abc import Iterator
from datetime import datetime

from aggregates.inventory.warehouse import Warehouse, WarehouseEvent, WarehouseRegistered
from aggregates.operations.register import Register
from commands import Command, Decision, Load, Text
from commands.change import Change, Kept

WAREHOUSES = "warehouses"
"""The register that holds their ids."""


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


class ChangeWarehouse(Change, of=Warehouse):
    """Correct a warehouse's name or city; what is left out stays, and null clears it."""

    name: Kept[Text] = None
    city: Text | None = None

    def decide(self, state: Warehouse, at: datetime) -> Iterator[WarehouseEvent]:
        return state.change(**self.told("name", "city"))


class CloseWarehouse(Command, of=Warehouse):
    """Close a warehouse: nothing new comes in, what is there may still leave."""

    reason: Text

    def decide(self, state: Warehouse, at: datetime) -> Iterator[WarehouseEvent]:
        return state.close(self.reason)


class ReopenWarehouse(Command, of=Warehouse):
    """Let goods come into a closed warehouse again."""

    def decide(self, state: Warehouse, at: datetime) -> Iterator[WarehouseEvent]:
        return state.reopen()
