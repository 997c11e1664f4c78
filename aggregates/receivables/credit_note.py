"""A credit note: what came back or was lost of invoiced goods is owed no longer, once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from aggregates import NO_DIMENSIONS, Aggregate, Event, Unknown
from aggregates.marks import Money
from aggregates.receivables.debtor import Debtor


@dataclass(frozen=True)
class CreditedLine:
    """So much of a line of an invoice."""

    invoice: str
    line: int
    item: str
    quantity: int
    amount: Money


class CreditNoteIssued(Event):
    """For a return of an order, or for a loss on the way."""

    order: str
    return_id: str | None
    loss: str | None
    debtor: Debtor
    currency: str
    lines: tuple[CreditedLine, ...]
    amount: Money
    reason: str | None

    def recorded_under(self) -> str:
        return "issued"


class CreditNoteCancelled(Event):
    """It was issued by mistake: what it credited is owed."""

    order: str
    return_id: str | None
    loss: str | None
    debtor: Debtor
    currency: str
    amount: Money
    reason: str

    def recorded_under(self) -> str:
        return CANCELLED


CANCELLED = "cancelled"
CreditNoteEvent = CreditNoteIssued | CreditNoteCancelled


@dataclass(frozen=True)
class CreditNote(Aggregate):
    kind: ClassVar[str] = "credit_note"

    issued: CreditNoteIssued | None = None
    cancelled: bool = False

    def issue(self, note: CreditNoteIssued) -> Iterator[CreditNoteEvent]:
        if self.issued is None:
            yield note

    def cancel(self, reason: str) -> CreditNoteCancelled:
        note = self.known()
        what = note.order, note.return_id, note.loss, note.debtor, note.currency, note.amount
        return CreditNoteCancelled(*what, reason)

    def known(self) -> CreditNoteIssued:
        if self.issued is None:
            raise Unknown(
                "There is no such credit note. Check its number.",
                "没有这张红字发票。请检查其编号。",
            )
        return self.issued

    @property
    def dimensions(self) -> Mapping[str, str]:
        return NO_DIMENSIONS if self.issued is None else self.issued.debtor.dimensions

    def evolve(self, event: CreditNoteEvent) -> Self:
        if isinstance(event, CreditNoteCancelled):
            return replace(self, cancelled=True)
        return replace(self, issued=event)
