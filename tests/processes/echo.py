"""A process that is made to fail."""

from collections.abc import Iterator
from typing import Any

from aggregates.inventory.stock import StockReceived
from commands import Command
from commands.inventory.stock import ReceiveStock
from infra.events import Recorded
from services.processes import Process


def never(command: Command, state: Any) -> bool:
    return False


class Echo:
    """A process that answers each receipt at W1 by another at W2; told to, it fails at one."""

    def __init__(self) -> None:
        self.fails_at: str | None = None
        self.fault: Exception = ZeroDivisionError("a rule with a fault")
        self.reacted: list[str] = []
        self.process = Process("echo", [StockReceived], self.react, never)

    def react(self, recorded: Recorded, event: StockReceived) -> Iterator[Command]:
        if event.reference == self.fails_at:
            raise self.fault
        if recorded.key.startswith("W1:"):
            self.reacted.append(event.reference)
            item = recorded.key.removeprefix("W1:")
            what = {"quantity": event.quantity, "reference": event.reference}
            yield ReceiveStock(location="W2", item=item, **what)
