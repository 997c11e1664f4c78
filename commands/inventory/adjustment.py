"""What may be asked about adjustments that others may have to sign."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from aggregates import ReferenceTaken
from aggregates.approvals.approval import Approval
from aggregates.inventory.adjustment import AdjustmentRequested, StockAdjustment
from aggregates.inventory.stock import Stock
from aggregates.inventory.stock.events import under
from commands import Command, Decision, Id, Load, Text, registers
from commands.approvals.asking import must_be_approved, needed
from commands.inventory.stock import Change, NothingMoves, asking
from commands.packs import UNIT, meant


class RequestAdjustment(Command, of=StockAdjustment):
    """Ask that the book of a stock is corrected: at once, or when all have signed whom the
    company's routes name.
    """

    begins: ClassVar[bool] = True

    location: Id
    item: Id
    quantity: Change
    unit: Text | None = UNIT
    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        if self.quantity == 0:
            raise NothingMoves(
                "An adjustment of nothing is none. Give a quantity.",
                "调整数量不能为零。请给出数量。",
            )
        before = load(StockAdjustment, self.id).requested
        known = () if before is None else (before.packed,)
        quantity, packed = meant(load, self.item, self.unit, self.quantity, known)
        asked = AdjustmentRequested(self.location, self.item, quantity, self.reason, packed)
        self._refuse_taken(load, asked)
        for event in load(StockAdjustment, self.id).request(asked):
            registers.kept_at(load, self.location, self.item)
            yield self.stream, event
            if (approval := needed(load, StockAdjustment.kind, self.id, at)) is not None:
                yield from approval.decisions(at)
            else:
                yield from _made(self, load, at)

    def _refuse_taken(self, load: Load, asked: AdjustmentRequested) -> None:
        """The stock knows the adjustment by its id, which stands for nothing else, and once."""
        place, name = Stock.id_of(self.location, self.item), under("adjusted", self.id)
        before = load(StockAdjustment, self.id).requested
        others = before is None and load.event(Stock, place, name) is not None
        if others or (before == asked and load.event(Stock, place, f"reversed {name}") is not None):
            raise ReferenceTaken(
                f"{self.item} at {self.location} was adjusted under {self.id} before. Request the"
                " adjustment under another id.",
                f"{self.location} 的 {self.item} 已有编号为 {self.id} 的调整。请以其他编号申请。",
            )


class MakeAdjustment(Command, of=StockAdjustment, when=lambda one: one.status == "requested"):
    """Correct the book by an adjustment that all have signed; it is asked after the last one."""

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        return _made(self, load, at)


def _made(command: Command, load: Load, at: datetime) -> Iterator[Decision]:
    state: StockAdjustment = load(StockAdjustment, command.id)
    for event in state.make():
        asked = state.known()
        approval = Approval.id_of(StockAdjustment.kind, command.id, 1)
        led = load(Approval, approval).requested is not None
        must_be_approved(load, approval if led else None, asked.digest())
        place = Stock.id_of(asked.location, asked.item)
        entry = asking(command, load, place, at)._replace(packed=asked.packed)
        stock: Stock = load(Stock, place)
        for moved in stock.adjust(asked.quantity, asked.reason, command.id, entry):
            yield Stock.stream(place), moved
        yield command.stream, event
