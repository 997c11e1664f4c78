"""What may be asked to put stock right: reverse, correct, cancel, redirect, take back."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated

from pydantic import Field
from pydantic import StringConstraints as Constraints

from aggregates import Event, Refused, Unknown
from aggregates.catalog.product import Product
from aggregates.inventory.adjustment import StockAdjustment
from aggregates.inventory.movement import StockMovement, of_paper
from aggregates.inventory.stock import (
    Asked,
    Document,
    Held,
    Holder,
    Stock,
    StockDiverted,
    StockExpected,
    StockReversed,
    StockSold,
    corrections,
    transfers,
)
from aggregates.inventory.stock.events import under
from commands import Amount, Decision, Id, Load, Quantity, Text
from commands.fields import ID
from commands.inventory.stock import (
    HOLDER,
    NothingMoves,
    StockCommand,
    asking,
    different,
    held_there,
    lots_of,
    on_its_way,
    told,
)
from commands.packs import UNIT

UNDONE = "received", "issued", "adjusted"
"""What a movement document records in its stocks, and its cancellation takes back."""


class Shipped(Refused):
    """What was shipped for an order comes back with the order."""


class PartOfDocument(Refused):
    """A document is cancelled whole."""


Entered = Annotated[str, Constraints(pattern=f"^(report:)?{ID.pattern}$")]


class ReverseMovement(StockCommand, of=Stock):
    """Undo the whole of what was entered wrong; then its reference may be entered anew."""

    document: Document
    reference: Entered = Field(
        description="Its own, or `report:` and the id of a dealer's report whose count it is."
    )
    reason: Text

    def on(self, stock: Stock, asked: Asked, load: Load) -> Iterable[Event]:
        self._refuse_part(load)
        return corrections.reverse(stock, self.document, self.reference, self.reason, asked)

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        for stream, event in super().across(load, at):
            yield stream, event
            if isinstance(event, StockReversed) and event.document == "adjusted":
                yield from self._of_request(load)

    def _of_request(self, load: Load) -> Iterator[Decision]:
        """An adjustment that was asked for says that it is undone."""
        state: StockAdjustment = load(StockAdjustment, self.reference)
        asked = state.requested
        if asked is not None and (asked.location, asked.item) == (self.location, self.item):
            for event in state.reverse(self.reason):
                yield StockAdjustment.stream(self.reference), event

    def _refuse_part(self, load: Load) -> None:
        """A line of a movement document is not undone alone."""
        for name in of_paper(self.reference):
            movement: StockMovement = load(StockMovement, name)
            if movement.moves(self.location, self.item) and self.document in UNDONE:
                raise PartOfDocument(
                    f"{self.reference} is of the movement {name}. Cancel that whole, with"
                    " cancel-movement, and post what was right under another id.",
                    f"{self.reference} 属于出入库单 {name}。请用 cancel-movement 作废整张单据，"
                    "再以其他编号录入正确的内容。",
                )


class CorrectReceiptCost(StockCommand, of=Stock):
    """Say what goods that were received cost in truth; what they are worth is reckoned anew from
    their receipt on, or from the first day that is not closed.
    """

    reference: Id = Field(description="That of the receipt.")
    cost: Amount = Field(description="What all of it cost, in minor units.")
    reason: Text

    def on(self, stock: Stock, asked: Asked, load: Load) -> Iterable[Event]:
        currency = load(Product, self.item).currency
        what = self.reference, self.cost, currency, self.reason
        return corrections.correct_cost(stock, *what, asked)


class ReverseArrival(StockCommand, of=Stock):
    """Undo what was told of the arrival of a transfer, or of a part of it: goods and losses are on
    their way again, and what is right is told with a receipt of its own.
    """

    transfer: Id
    receipt: Id | None = Field(None, description="That of the part, where it had one.")
    reason: Text

    def on(self, stock: Stock, asked: Asked, load: Load) -> Iterable[Event]:
        what = self.transfer, self.receipt, self.reason
        return transfers.reverse_arrival(stock, *what, asked)


class CorrectHolder(StockCommand, of=Stock, when=lambda stock: not any(stock.transit.values())):
    """Make a warehouse's stock a dealer's, or the other way round, with all that is there."""

    holder: Holder
    reason: Text

    def on(self, stock: Stock, asked: Asked, load: Load) -> Iterable[Event]:
        return corrections.correct_holder(stock, self.holder, self.reason, asked)


class ReturnSellOut(StockCommand, of=Stock, when=lambda stock: stock.holder == "dealer"):
    """Take back goods of a dealer's sale, whole or in part; the location is the dealer."""

    sale: Id
    return_id: Id
    quantity: Quantity
    unit: Text | None = UNIT
    amount: Amount | None = Field(None, description="Their share, unless told otherwise.")

    def on(self, stock: Stock, asked: Asked, load: Load) -> Iterable[Event]:
        sold: StockSold | None = load.event(Stock, self.id, under("sold", self.sale))
        whole = None if sold is None else sold.packed
        asked, quantity = told(asked, load, self.item, self.unit, self.quantity, whole)
        what = self.sale, self.return_id, quantity, self.amount
        return corrections.take_back(stock, *what, asked)


class UndoSellOutReturn(StockCommand, of=Stock, when=lambda stock: stock.holder == "dealer"):
    """Take back a return of a dealer's sale that was told by mistake: the goods are sold, and count
    as such; what is right is told under another id.
    """

    sale: Id
    return_id: Id
    reason: Text

    def on(self, stock: Stock, asked: Asked, load: Load) -> Iterable[Event]:
        what = self.sale, self.return_id, self.reason
        return corrections.undo_take_back(stock, *what, asked)


class TransferCommand(StockCommand):
    """A request about a transfer on its way to a location."""

    transfer: Id
    reason: Text

    def _source(self, load: Load) -> str:
        """Where the transfer came from."""
        where = StockExpected("warehouse", self.transfer, "", 0).recorded_under()
        expected: StockExpected | None = load.event(Stock, self.id, where)
        if expected is None:
            raise Unknown(
                f"No transfer {self.transfer} came this way. Check its id and the location.",
                f"没有发往此处的调拨 {self.transfer}。请检查其编号和地点。",
            )
        source = expected.from_location
        if load.event(Stock, Stock.id_of(source, self.item), f"dispatched:{self.transfer}") is None:
            raise Shipped(
                f"{self.transfer} is the shipment of an order. Receive it, and return the order.",
                f"{self.transfer} 是订单的发货。请先收货，再办理订单退货。",
            )
        return source


class CancelTransfer(TransferCommand, of=Stock, when=lambda stock: any(stock.transit.values())):
    """Send back to its source what of a transfer is still on its way to this location."""

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        source = self._source(load)
        stock: Stock = load(Stock, self.id)
        what = self.transfer, source, self.reason
        events = list(transfers.divert(stock, *what, asking(self, load, self.id, at)))
        for event in events:
            yield self.stream, event
            if isinstance(event, StockDiverted):
                key = Stock.id_of(source, self.item)
                there: Stock = load(Stock, key)
                back = asking(self, load, key, event.moved_at)._replace(parts=lots_of(events))
                for come in transfers.bring_back(there, self.transfer, event.quantity, back):
                    yield Stock.stream(key), come


class RedirectTransfer(TransferCommand, of=Stock, when=lambda stock: any(stock.transit.values())):
    """Send elsewhere what of a transfer is still on its way to this location."""

    to_location: Id
    to_holder: Held = HOLDER

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        different(self.location, self.to_location)
        source = self._source(load)
        if self.to_location == source:
            raise NothingMoves(
                "It came from there. Cancel the transfer instead.",
                "它正是从那里发出的。请改为取消调拨。",
            )
        stock: Stock = load(Stock, self.id)
        what = self.transfer, self.to_location, self.reason
        events = list(transfers.divert(stock, *what, asking(self, load, self.id, at)))
        for event in events:
            yield self.stream, event
            if isinstance(event, StockDiverted):
                where = source, self.to_location, self.item
                sent = self.transfer, event.quantity, self.to_holder, event.moved_at
                yield from on_its_way(self, load, where, *sent, lots=lots_of(events))
        held_there(load, self.to_location, self.item, self.to_holder)
