"""What may be asked about goods that are held back where they lie."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from pydantic import Field

from aggregates import Event
from aggregates.inventory.stock import Asked, Stock, StockBlocked, StockUnblocked, blocking
from aggregates.inventory.stock.events import UnblockOutcome
from aggregates.inventory.stock.lotted import opposite
from commands import Decision, Id, Load, Quantity, Text
from commands.inventory.stock import StockCommand, asking, told
from commands.packs import UNIT

BLOCK = Field(
    description="Under what it is blocked; a return that was not sold again at once is under its"
    " order, a colon, and its own id."
)


class UnblockCommand(StockCommand):
    reference: Text = BLOCK
    document: Id = Field(description="The paper that says so, one for each part.")
    quantity: Quantity | None = Field(None, description="All of it, unless told otherwise.")
    unit: Text | None = UNIT
    note: Text | None = None

    def let_go(
        self, stock: Stock, outcome: UnblockOutcome, asked: Asked, load: Load
    ) -> Iterable[Event]:
        many = self.quantity
        if many is not None:
            held: StockBlocked | None = load.event(
                Stock, self.id, StockBlocked.under(self.reference)
            )
            whole = None if held is None else held.packed
            asked, many = told(asked, load, self.item, self.unit, many, whole)
        what = self.reference, self.document, many, outcome, self.note
        return blocking.unblock(stock, *what, asked)


def _blocks(stock: Stock) -> bool:
    return bool(stock.blocks)


class UnblockStock(UnblockCommand, of=Stock, when=_blocks):
    """Release goods that were blocked, or a part of them: whoever waits for them is served."""

    def on(self, stock: Stock, asked: Asked, load: Load) -> Iterable[Event]:
        return self.let_go(stock, "released", asked, load)


class ScrapBlockedStock(UnblockCommand, of=Stock, when=_blocks):
    """Write off goods that were blocked, or a part of them: they leave the stock as scrap."""

    def on(self, stock: Stock, asked: Asked, load: Load) -> Iterable[Event]:
        return self.let_go(stock, "scrapped", asked, load)

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        for stream, event in super().across(load, at):
            yield stream, event
            if isinstance(event, StockUnblocked):
                entry = asking(self, load, self.id, at)._replace(packed=event.packed)
                lots = entry._replace(parts=opposite(event.lots))
                stock: Stock = load(Stock, self.id)
                for left in stock.issue(event.quantity, "scrap", self.document, lots):
                    yield stream, left
