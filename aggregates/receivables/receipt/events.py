"""What may happen to a payment that was received."""

from dataclasses import dataclass
from typing import Annotated, Literal

from aggregates import Event
from aggregates.marks import Money, names
from aggregates.receivables.debtor import Debtor

Way = Literal["bank_transfer", "cash", "cheque", "draft", "card", "other"]


@dataclass(frozen=True)
class AllocatedPart:
    """So much of a payment settles so much of an invoice.

    `customer` is whose invoice it is, where that is not who paid: one was merged into the other.
    """

    invoice: str
    amount: Money
    customer: str | None = None


class PaymentReceived(Event):
    debtor: Debtor
    currency: str
    amount: Money
    way: Way
    reference: str | None

    def recorded_under(self) -> str:
        return "received"


class PaymentAllocated(Event):
    """Without an `invoice` those came first that were due first."""

    allocation: str
    invoice: str | None
    debtor: Debtor
    currency: str
    amount: Money
    parts: tuple[AllocatedPart, ...]

    def recorded_under(self) -> str:
        return f"allocation:{self.allocation}"


class PaymentAllocationUndone(Event):
    """All that was left of an allocation, or as much as a credit note left too much, or as settled
    invoices of another customer than who paid, once the one is merged into the other no longer.
    """

    allocation: str
    debtor: Debtor
    currency: str
    amount: Money
    parts: tuple[AllocatedPart, ...]
    reason: str | None
    credit_note: str | None = None
    unmerged: Annotated[str | None, names("customer")] = None

    def recorded_under(self) -> str:
        cause = f"unmerged:{self.unmerged}" if self.unmerged else self.credit_note or ""
        return f"undone:{self.allocation}:{cause}"


class PaymentRefunded(Event):
    """What settles no invoice was paid back."""

    refund: str
    debtor: Debtor
    currency: str
    amount: Money
    reason: str

    def recorded_under(self) -> str:
        return f"refund:{self.refund}"


class PaymentRefundUndone(Event):
    """What was told to be paid back was not."""

    refund: str
    debtor: Debtor
    currency: str
    amount: Money
    reason: str

    @staticmethod
    def under(refund: str) -> str:
        return f"refund-undone:{refund}"

    def recorded_under(self) -> str:
        return self.under(self.refund)


class PaymentBounced(Event):
    """The money never came."""

    debtor: Debtor
    currency: str
    amount: Money
    reason: str

    def recorded_under(self) -> str:
        return "bounced"


ReceiptEvent = (
    PaymentReceived
    | PaymentAllocated
    | PaymentAllocationUndone
    | PaymentRefunded
    | PaymentRefundUndone
    | PaymentBounced
)
