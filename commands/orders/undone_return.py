"""A return that was told by mistake is taken back: goods, blocks, lots and sales are as before."""

from collections.abc import Iterator
from datetime import datetime

from aggregates import Refused, Unknown
from aggregates.inventory.stock import Stock, StockReceived, blocking, corrections
from aggregates.inventory.stock.events import Document, under
from aggregates.orders.order import (
    LaterFirst,
    OrderExchanged,
    OrderLossCredited,
    OrderLossUndone,
    OrderReturnUndone,
    SalesOrder,
)
from commands import Command, Decision, Id, Load, Text
from commands.inventory.stock import asking, one_of
from commands.orders.claim import reopened
from commands.orders.order import quantities
from commands.orders.order_stock import lots_back
from commands.receivables.credit import order_entered
from commands.receivables.credit_note import credit_note_of
from commands.taken_back import is_taken_back


class RestsOnReturn(Refused):
    """A return or a loss stands while a credit note, or what went out in exchange, rests on it."""


def refuse_credited(load: Load, order: str, name: str, back: str) -> None:
    note = credit_note_of(load, order, back)[0]
    if note is not None:
        raise RestsOnReturn(
            f"{name} is on credit note {note.credit_note}. Cancel that first: cancel-credit-note.",
            f"{name} 已开红字发票 {note.credit_note}。请先作废：cancel-credit-note。",
        )


def reversed_at(
    command: Command, place: str, what: tuple[Document, str, str], load: Load, at: datetime
) -> Iterator[Decision]:
    """Reverse a document of a stock, by its reference, for a reason."""
    stock: Stock = load(Stock, place)
    with one_of(place):
        for event in corrections.reverse(stock, *what, asking(command, load, place, at)):
            yield Stock.stream(place), event
    after: Stock = load(Stock, place)
    for short in after.fell_short(stock.short):
        yield Stock.stream(place), short


class UndoReturn(Command, of=SalesOrder, when=lambda order: bool(order.returns)):
    """Take back a return that was told by mistake, such as of another order, quantity, lot or
    condition: the goods are with the customer, and what is right is told under another id. A claim
    for which it was given waits anew.
    """

    return_id: Id
    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        undoing = OrderReturnUndone.under(self.return_id)
        if is_taken_back(load, SalesOrder, self.id, undoing, self.reason):
            return
        order: SalesOrder = load(SalesOrder, self.id)
        self._refuse_rest(load)
        for event in order.undo_return(self.return_id, self.reason, self._came(order, load)):
            if isinstance(event, OrderReturnUndone):
                yield from self._moves(event, load, at)
            yield self.stream, event
        yield from order_entered(load, self.id)
        yield from reopened(load, self.id, self.return_id, self.reason)

    @property
    def reference(self) -> str:
        """What it was received under."""
        return f"{self.id}:{self.return_id}"

    def _refuse_rest(self, load: Load) -> None:
        refuse_credited(load, self.id, self.return_id, f"return:{self.return_id}")
        exchanged: OrderExchanged | None = load.event(
            SalesOrder, self.id, f"exchanged:{self.return_id}"
        )
        if exchanged is None:
            return
        sent: SalesOrder = load(SalesOrder, exchanged.replacement)
        if sent.status not in ("cancelled", "rejected") and (sent.returnable or not sent.shipped):
            raise RestsOnReturn(
                f"{self.return_id} is an exchange: order {exchanged.replacement} goes out in its"
                " place. Cancel that first, or take back what it sent: return-order.",
                f"{self.return_id} 是换货：订单 {exchanged.replacement} 为换出的货物。"
                "请先取消该订单，或将其货物退回：return-order。",
            )

    def _came(self, order: SalesOrder, load: Load) -> datetime | None:
        """When the goods were told to have come."""
        for line in order.returns.get(self.return_id, ()):
            here = Stock.id_of(order.known().warehouse, line.item)
            received: StockReceived | None = load.event(
                Stock, here, under("received", self.reference)
            )
            return None if received is None else received.moved_at
        return None

    def _moves(self, undone: OrderReturnUndone, load: Load, at: datetime) -> Iterator[Decision]:
        for item, quantity in quantities(undone.lines).items():
            here = Stock.id_of(undone.warehouse, item)
            self._refuse_other_lots(here, item, quantity, load)
            if undone.customer_kind == "dealer":
                there = Stock.id_of(undone.customer, item)
                yield from self._reversed(there, "issued", load, at)
            yield from self._unblocked(here, load, undone.returned_at or at)
            yield from self._reversed(here, "received", load, at)

    def _unblocked(self, here: str, load: Load, came: datetime) -> Iterator[Decision]:
        """What is held back still since it came was never there to be held."""
        stock: Stock = load(Stock, here)
        if not stock.blocks.get(self.reference):
            return
        entry = asking(self, load, here, came)._replace(told=True)
        what = self.reference, blocking.undone(self.reference), None, "released", self.reason
        for event in blocking.unblock(stock, *what, entry):  # type: ignore[arg-type]
            yield Stock.stream(here), event

    def _reversed(
        self, place: str, document: Document, load: Load, at: datetime
    ) -> Iterator[Decision]:
        return reversed_at(self, place, (document, self.reference, self.reason), load, at)

    def _refuse_other_lots(self, here: str, item: str, quantity: int, load: Load) -> None:
        """Lots come back in the order in which they went."""
        moved = load.event(Stock, here, f"lots {under('received', self.reference)}")
        if moved is None:
            return
        if moved.lots != lots_back(load, self.id, here, item, quantity):
            raise LaterFirst(self.return_id)


class UndoLoss(Command, of=SalesOrder, when=lambda order: any(map(any, order.losses.values()))):
    """Take back a loss that was credited by mistake with `credit-loss`: the customer owes the
    goods. What was told with the arrival at a dealer is taken back there. A claim for which it was
    given waits anew.
    """

    loss: Id
    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        undoing = OrderLossUndone.under(self.loss)
        if is_taken_back(load, SalesOrder, self.id, undoing, self.reason):
            return
        order: SalesOrder = load(SalesOrder, self.id)
        order.known()
        lost: OrderLossCredited | None = load.event(SalesOrder, self.id, f"loss:{self.loss}")
        if lost is None:
            raise Unknown(
                f"The order has no loss {self.loss}. Check its id.",
                f"订单没有损失 {self.loss}。请检查其编号。",
            )
        refuse_credited(load, self.id, self.loss, f"loss:{self.loss}")
        for event in order.undo_loss(lost, self.reason):
            yield self.stream, event
        yield from self._dealers(lost, load, at)
        yield from order_entered(load, self.id)
        yield from reopened(load, self.id, self.loss, self.reason)

    def _dealers(self, lost: OrderLossCredited, load: Load, at: datetime) -> Iterator[Decision]:
        """A dealer has again what left his stock when its loss was credited."""
        reference = f"{self.id}:{self.loss}"
        for item in quantities(lost.lines):
            there = Stock.id_of(lost.customer, item)
            if load.event(Stock, there, under("issued", reference)) is not None:
                what: tuple[Document, str, str] = "issued", reference, self.reason
                yield from reversed_at(self, there, what, load, at)
