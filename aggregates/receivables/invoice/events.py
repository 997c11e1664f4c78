"""What may happen to an invoice."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from aggregates import Event
from aggregates.marks import Money, names
from aggregates.receivables.debtor import Debtor


@dataclass(frozen=True)
class InvoiceLine:
    """So much of a line of the order."""

    line: int
    item: str
    quantity: int
    amount: Money


class InvoiceIssued(Event):
    """`settings` is the version that says when it is due, where no terms were agreed."""

    order: str
    shipment: str
    debtor: Debtor
    currency: str
    lines: tuple[InvoiceLine, ...]
    amount: Money
    due: date
    settings: str | None = None

    def recorded_under(self) -> str:
        return "issued"


class InvoiceCredited(Event):
    """What was returned or lost of its lines is owed no longer."""

    credit_note: str
    debtor: Debtor
    currency: str
    due: date
    lines: tuple[InvoiceLine, ...]
    amount: Money


class InvoiceCreditUndone(Event):
    """What was credited of its lines is owed: the credit note was issued by mistake."""

    credit_note: str
    debtor: Debtor
    currency: str
    due: date
    lines: tuple[InvoiceLine, ...]
    amount: Money


class InvoiceWrittenOff(Event):
    """The company no longer expects this amount."""

    write_off: str
    debtor: Debtor
    currency: str
    due: date
    amount: Money
    reason: str

    def recorded_under(self) -> str:
        return f"write-off:{self.write_off}"


class InvoiceWriteOffUndone(Event):
    """What was written off is expected again."""

    write_off: str
    debtor: Debtor
    currency: str
    due: date
    amount: Money
    reason: str

    @staticmethod
    def under(write_off: str) -> str:
        return f"write-off-undone:{write_off}"

    def recorded_under(self) -> str:
        return self.under(self.write_off)


class InvoicePaid(Event):
    """So much of a payment settles it: of the `payer`'s, where that is not whose invoice it is."""

    receipt: Annotated[str, names("receipt")]
    allocation: str
    debtor: Debtor
    currency: str
    due: date
    amount: Money
    payer: Annotated[str | None, names("customer")] = None


class InvoicePaymentUndone(Event):
    """So much of a payment settles it no longer."""

    receipt: Annotated[str, names("receipt")]
    allocation: str
    debtor: Debtor
    currency: str
    due: date
    amount: Money
    payer: Annotated[str | None, names("customer")] = None


InvoiceEvent = (
    InvoiceIssued
    | InvoiceCredited
    | InvoiceCreditUndone
    | InvoiceWrittenOff
    | InvoiceWriteOffUndone
    | InvoicePaid
    | InvoicePaymentUndone
)
