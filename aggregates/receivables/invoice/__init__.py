"""An invoice of a delivery: what is open is what was invoiced, less all that settled it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import ClassVar, Self

from aggregates import NO_DIMENSIONS, Aggregate, Unknown, repeats
from aggregates.receivables.debtor import Debtor
from aggregates.receivables.invoice.events import InvoiceCredited as InvoiceCredited
from aggregates.receivables.invoice.events import InvoiceCreditUndone as InvoiceCreditUndone
from aggregates.receivables.invoice.events import InvoiceEvent as InvoiceEvent
from aggregates.receivables.invoice.events import InvoiceIssued as InvoiceIssued
from aggregates.receivables.invoice.events import InvoiceLine as InvoiceLine
from aggregates.receivables.invoice.events import InvoicePaid as InvoicePaid
from aggregates.receivables.invoice.events import InvoicePaymentUndone as InvoicePaymentUndone
from aggregates.receivables.invoice.events import InvoiceWriteOffUndone as InvoiceWriteOffUndone
from aggregates.receivables.invoice.events import InvoiceWrittenOff as InvoiceWrittenOff
from aggregates.receivables.invoice.refusals import BeyondInvoice as BeyondInvoice
from aggregates.receivables.invoice.refusals import BeyondOpen as BeyondOpen
from aggregates.receivables.invoice.refusals import WrittenOff as WrittenOff


@dataclass(frozen=True)
class Invoice(Aggregate):
    kind: ClassVar[str] = "invoice"

    issued: InvoiceIssued | None = None
    left: tuple[InvoiceLine, ...] = ()
    """Its lines, less what was credited of them."""
    open: int = 0
    written_off: Mapping[str, int] = field(default_factory=dict)
    """By its reference, what was given up."""
    payments: Mapping[str, int] = field(default_factory=dict)
    """What settles it, by receipt and allocation as `P1:A1`; the last ones come last."""

    def issue(self, invoice: InvoiceIssued) -> Iterator[InvoiceEvent]:
        if not repeats(self.issued, invoice):
            yield invoice

    def credit(self, credit_note: str, quantities: Mapping[int, int]) -> InvoiceCredited:
        """Credit so many of each line; of its amount the share of what is left of it."""
        self.known()
        lines = tuple(
            _part(line, quantity)
            for line in self.left
            if (quantity := quantities.get(line.line, 0))
        )
        amount = sum(line.amount for line in lines)
        if amount > (most := self.open + sum(self.payments.values())):
            raise WrittenOff(amount, most, self.known().currency)
        return InvoiceCredited(credit_note, *self._stamp(), lines, amount)

    def undo_credit(self, credit_note: str, lines: tuple[InvoiceLine, ...]) -> InvoiceCreditUndone:
        amount = sum(line.amount for line in lines)
        return InvoiceCreditUndone(credit_note, *self._stamp(), lines, amount)

    def write_off(self, reference: str, amount: int | None, reason: str) -> Iterator[InvoiceEvent]:
        """Give up an amount, or all that is open."""
        issued = self.known()
        amount = self.open if amount is None else amount
        if not 0 < amount <= self.open:
            raise BeyondOpen(amount, self.open, issued.currency)
        yield InvoiceWrittenOff(reference, *self._stamp(), amount, reason)

    def undo_write_off(self, reference: str, reason: str) -> Iterator[InvoiceEvent]:
        self.known()
        if reference not in self.written_off:
            raise Unknown(
                f"Nothing of the invoice is written off under {reference}. Check the reference.",
                f"该发票没有核销坏账 {reference}。请检查其编号。",
            )
        amount = self.written_off[reference]
        yield InvoiceWriteOffUndone(reference, *self._stamp(), amount, reason)

    def pay(self, receipt: str, payer: str, allocation: str, amount: int) -> Iterator[InvoiceEvent]:
        issued = self.known()
        if not 0 < amount <= self.open:
            raise BeyondOpen(amount, self.open, issued.currency)
        yield InvoicePaid(receipt, allocation, *self._stamp(), amount, self._another(payer))

    def undo_payment(
        self, receipt: str, payer: str, allocation: str, amount: int
    ) -> InvoicePaymentUndone:
        what = receipt, allocation, *self._stamp(), amount, self._another(payer)
        return InvoicePaymentUndone(*what)

    def _another(self, payer: str) -> str | None:
        return None if payer == self.known().debtor.customer else payer

    def overpaid(self, amount: int) -> Iterator[tuple[str, str, int]]:
        """Which payments settle it no longer once so much is credited, the last ones first: by
        receipt and allocation, how much of each.
        """
        excess = amount - self.open
        for payment, paid in reversed(list(self.payments.items())):
            if excess > 0:
                part = min(excess, paid)
                excess -= part
                receipt, _, allocation = payment.partition(":")
                yield receipt, allocation, part

    def creditable(self, line: int) -> int:
        """How many of a line are invoiced and not credited."""
        return sum(one.quantity for one in self.left if one.line == line)

    def known(self) -> InvoiceIssued:
        if self.issued is None:
            raise Unknown(
                "There is no such invoice. Check its number, or issue it first: issue-invoice.",
                "没有这张发票。请检查其编号，或先开票：issue-invoice。",
            )
        return self.issued

    def _stamp(self) -> tuple[Debtor, str, date]:
        issued = self.known()
        return issued.debtor, issued.currency, issued.due

    @property
    def dimensions(self) -> Mapping[str, str]:
        return NO_DIMENSIONS if self.issued is None else self.issued.debtor.dimensions

    def evolve(self, event: InvoiceEvent) -> Self:
        match event:
            case InvoiceIssued():
                return replace(self, issued=event, left=event.lines, open=event.amount)
            case InvoiceCredited():
                left = _without(self.left, event.lines)
                return replace(self, left=left, open=self.open - event.amount)
            case InvoiceCreditUndone(lines=lines):
                back = tuple(replace(x, quantity=-x.quantity, amount=-x.amount) for x in lines)
                left = _without(self.left, back)
                return replace(self, left=left, open=self.open + event.amount)
            case InvoiceWrittenOff(write_off, amount=amount):
                given_up = {**self.written_off, write_off: amount}
                return replace(self, open=self.open - amount, written_off=given_up)
            case InvoiceWriteOffUndone(write_off, amount=amount):
                others = {name: one for name, one in self.written_off.items() if name != write_off}
                return replace(self, open=self.open + amount, written_off=others)
            case InvoicePaid():
                return self._settled_by(event, event.amount)
            case InvoicePaymentUndone():
                return self._settled_by(event, -event.amount)

    def _settled_by(self, event: InvoicePaid | InvoicePaymentUndone, amount: int) -> Self:
        payment = f"{event.receipt}:{event.allocation}"
        paid = {**self.payments, payment: self.payments.get(payment, 0) + amount}
        held = {name: one for name, one in paid.items() if one}
        return replace(self, open=self.open - amount, payments=held)


def _part(line: InvoiceLine, quantity: int) -> InvoiceLine:
    """So many of a line, so that all parts sum to its amount exactly."""
    kept = line.amount * (line.quantity - quantity) // line.quantity
    return replace(line, quantity=quantity, amount=line.amount - kept)


def _without(
    lines: tuple[InvoiceLine, ...], gone: tuple[InvoiceLine, ...]
) -> tuple[InvoiceLine, ...]:
    less = {line.line: line for line in gone}
    parts = ((line, less.get(line.line)) for line in lines)
    return tuple(
        replace(line, quantity=line.quantity - part.quantity, amount=line.amount - part.amount)
        if part
        else line
        for line, part in parts
    )
