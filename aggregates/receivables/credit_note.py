"""A credit note: what came back or was lost of invoiced goods is owed no longer, once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from aggregates import NO_DIMENSIONS, Aggregate, Event
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


@dataclass(frozen=True)
class CreditNote(Aggregate):
    kind: ClassVar[str] = "credit_note"

    issued: CreditNoteIssued | None = None

    def issue(self, note: CreditNoteIssued) -> Iterator[CreditNoteIssued]:
        if self.issued is None:
            yield note

    @property
    def dimensions(self) -> Mapping[str, str]:
        return NO_DIMENSIONS if self.issued is None else self.issued.debtor.dimensions

    def evolve(self, event: CreditNoteIssued) -> Self:
        return replace(self, issued=event)
