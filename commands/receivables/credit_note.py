"""What may be asked about credit notes."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field

from aggregates import Aggregate, Refused, Unknown, refuse_unequal
from aggregates.orders.order import (
    OrderCreditUndone,
    OrderLossCredited,
    OrderReturnCredited,
    OrderReturned,
    SalesOrder,
)
from aggregates.receivables.credit_note import (
    CANCELLED,
    CreditedLine,
    CreditNote,
    CreditNoteIssued,
)
from aggregates.receivables.invoice import BeyondInvoice, Invoice, InvoiceCredited, InvoiceLine
from aggregates.receivables.invoicing import InvoicingSettings
from aggregates.receivables.numbers import CreditNoteNumbers
from commands import Command, Decision, Id, Load, Text, registers
from commands.fields import ID
from commands.numbers import Numbered
from commands.receivables.allocation import set_free
from commands.receivables.credit import order_entered
from commands.receivables.entries import invoice_entered
from commands.receivables.invoice import debtor_of
from commands.settings import in_force
from commands.taken_back import is_taken_back, refuse_taken_back

Back = OrderReturned | OrderLossCredited
SAID = "order", "return_id", "loss"
LossId = Annotated[
    str,
    Field(
        max_length=200,
        pattern=f"^{ID.pattern}(:{ID.pattern}){{0,2}}$",
        description="Of `credit-loss`; or the shipment, item and receipt of what a dealer found"
        " lost, as in S1:tea:A.",
    ),
]


class AlreadyCredited(Refused):
    """What came back is credited once."""


class ReturnOrLoss(Refused):
    """A credit note is for one return, or for one loss."""


class IssueCreditNote(Numbered, of=CreditNote):
    """Credit a return of an order, or a loss on the way, against the order's invoices, once.

    What was lost is credited first on the invoice of its shipment, all else on the first one. What
    was paid for it already is an advance again.
    """

    numbers = CreditNoteNumbers

    order: Id
    return_id: Id | None = None
    loss: LossId | None = None

    def touches(self) -> Iterator[tuple[type[Aggregate], str]]:
        yield CreditNote, self.id
        yield SalesOrder, self.order

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        before: CreditNoteIssued | None = load.event(CreditNote, self.id, "issued")
        if before is not None:
            refuse_unequal(*((n, getattr(before, n), getattr(self, n)) for n in SAID))
            refuse_taken_back(load, CreditNote, self.id, CANCELLED, self.id)
            return
        order: SalesOrder = registers.found(load, SalesOrder, self.order)
        back = self._back(order, load)
        parts = _credits(load, self.id, order, back)
        lines = tuple(
            CreditedLine(invoice, line.line, line.item, line.quantity, line.amount)
            for invoice, event in parts.items()
            for line in event.lines
        )
        what = self.order, self.return_id, self.loss
        amount = sum(event.amount for event in parts.values())
        reason = back.reason if isinstance(back, OrderReturned) else None
        whose = debtor_of(order), order.known().currency
        note = CreditNoteIssued(*what, *whose, lines, amount, reason)
        for event in load(CreditNote, self.id).issue(note):
            yield self.stream, event
        revision = credit_note_of(load, self.order, back.recorded_under())[1]
        onto = OrderReturnCredited(*what[1:], self.id, revision)
        yield SalesOrder.stream(self.order), onto
        for invoice, credited in parts.items():
            yield from set_free(load, invoice, credited.amount, self.id)
            yield Invoice.stream(invoice), credited
            yield from invoice_entered(load, invoice)
        yield from order_entered(load, self.order)

    def _back(self, order: SalesOrder, load: Load) -> Back:
        """What came back or was lost, and is on no credit note yet."""
        order.known()
        if (self.return_id is None) == (self.loss is None):
            raise ReturnOrLoss(
                "A credit note is for one return, or for one loss. Give return_id or loss.",
                "一张红字发票只对应一次退货或一次损失。请填写 return_id 或 loss。",
            )
        name = self.return_id or self.loss
        under = f"return:{name}" if self.return_id else f"loss:{name}"
        back: Back | None = load.event(SalesOrder, self.order, under)
        if back is None:
            raise Unknown(
                f"Order {self.order} has no such return or loss: {name}. Check its id.",
                f"订单 {self.order} 没有此退货或损失：{name}。请检查其编号。",
            )
        done = credit_note_of(load, self.order, under)[0]
        if done is not None:
            raise AlreadyCredited(
                f"{name} of order {self.order} is on credit note {done.credit_note}."
                " Credit another return, or read that note.",
                f"订单 {self.order} 的 {name} 已冲销：{done.credit_note}。"
                "请冲销其他退货，或查看该红字发票。",
            )
        return back


class CancelCreditNote(
    Command, of=CreditNote, when=lambda note: note.issued is not None and not note.cancelled
):
    """Cancel a credit note that was issued by mistake: its invoices are owed as before. What was
    paid for them and is an advance since stays one, to be allocated anew.
    """

    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        if is_taken_back(load, CreditNote, self.id, CANCELLED, self.reason):
            return
        cancelled = load(CreditNote, self.id).cancel(self.reason)
        note: CreditNoteIssued = load(CreditNote, self.id).known()
        yield self.stream, cancelled
        what = note.return_id, note.loss, self.id
        back = f"return:{note.return_id}" if note.return_id else f"loss:{note.loss}"
        load(SalesOrder, note.order)
        came: Back = load.event(SalesOrder, note.order, back)
        owing = sum(line.amount for line in came.lines)
        yield SalesOrder.stream(note.order), OrderCreditUndone(*what, owing, note.currency)
        for invoice in dict.fromkeys(line.invoice for line in note.lines):
            lines = tuple(
                InvoiceLine(one.line, one.item, one.quantity, one.amount)
                for one in note.lines
                if one.invoice == invoice
            )
            undone = load(Invoice, invoice).undo_credit(self.id, lines)
            yield Invoice.stream(invoice), undone
            yield from invoice_entered(load, invoice)
        yield from order_entered(load, note.order)


class CreditReturn(Command):
    """Credit what came back or was lost, where the company has that done at once.

    Declared without `of`: it is for the process to ask.
    """

    aggregate: ClassVar[type[Aggregate]] = SalesOrder

    return_id: Id | None = None
    loss: LossId | None = None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        back = f"return:{self.return_id}" if self.return_id else f"loss:{self.loss}"
        done = load.event(SalesOrder, self.id, f"credited:{back}") is not None
        if done or not in_force(load, InvoicingSettings, at).settings.automatic:
            return
        issue = IssueCreditNote(order=self.id, return_id=self.return_id, loss=self.loss)
        yield from issue.ask_numbered(load, at)


def credit_note_of(
    load: Load, order: str, back: str
) -> tuple[OrderReturnCredited | None, int | None]:
    """The credit note that a return or a loss is on, and how often it was on others before."""
    revision: int | None = None
    while True:
        under = OrderReturnCredited.under(back, revision)
        done: OrderReturnCredited | None = load.event(SalesOrder, order, under)
        if done is None or load.event(CreditNote, done.credit_note, CANCELLED) is None:
            return done, revision
        revision = (revision or 1) + 1


def _credits(load: Load, note: str, order: SalesOrder, back: Back) -> Mapping[str, InvoiceCredited]:
    """What is credited of each invoice of the order."""
    invoices = list(order.invoices.values())
    if isinstance(back, OrderLossCredited) and (own := order.invoices.get(back.shipment)):
        invoices = [own, *(one for one in invoices if one != own)]
    left = {line.line: line.quantity for line in back.lines}
    parts: dict[str, InvoiceCredited] = {}
    for invoice in invoices:
        state: Invoice = load(Invoice, invoice)
        taken = {line: min(wanted, state.creditable(line)) for line, wanted in left.items()}
        left = {line: wanted - taken[line] for line, wanted in left.items()}
        if any(taken.values()):
            parts[invoice] = state.credit(note, taken)
    for line, wanted in left.items():
        if wanted:
            every = sum(one.quantity for one in back.lines if one.line == line)
            raise BeyondInvoice(line, every - wanted, every)
    return parts
