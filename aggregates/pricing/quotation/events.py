"""What happens to a quotation. Each revision that was sent stays as it was."""

from dataclasses import dataclass
from datetime import date, datetime

from aggregates import Event, anew
from aggregates.line_pricing import PricedLine
from aggregates.marks import Money


@dataclass(frozen=True)
class QuotedLine(PricedLine):
    """A line as an order takes it over, unchanged."""


class QuotationDrafted(Event):
    """`valid_until` is the last day on which it can be accepted."""

    customer: str
    customer_kind: str
    warehouse: str
    currency: str
    lines: tuple[QuotedLine, ...]
    valid_until: date
    rep: str
    department: str
    region: str
    opportunity: str | None
    note: str | None

    def recorded_under(self) -> str:
        return "drafted"


class QuotationRevised(Event):
    """Another content. Where the revision before was no draft any more, that is superseded, and
    this one has a number of its own. `from_revision` names the older one that was taken up again.
    """

    revision: int
    supersedes: int | None
    from_revision: int | None
    currency: str
    lines: tuple[QuotedLine, ...]
    valid_until: date
    note: str | None


class QuotationSubmitted(Event):
    """It is sent once `approval` is complete."""

    revision: int
    amount: Money
    currency: str
    content: str
    approval: str


class QuotationSentBack(Event):
    """Its approval was refused or withdrawn: it is a draft again."""

    revision: int
    reason: str


class QuotationSent(Event):
    """The customer has it; at `expires_at` it can be accepted no longer."""

    revision: int
    amount: Money
    currency: str
    content: str
    expires_at: datetime


class QuotationAccepted(Event):
    """`reference` is the customer's own, such as the number of his order."""

    revision: int
    amount: Money
    currency: str
    reference: str | None


class QuotationRefused(Event):
    """The customer does not want it."""

    revision: int
    reason: str


class QuotationExpired(Event, anytime=True):
    """Its last day has passed without an answer; one that came in time may be told later."""

    revision: int
    valid_until: date


class QuotationCancelled(Event):
    """It is offered no more."""

    revision: int
    reason: str


class QuotationOrdered(Event):
    """It became that order, with the lines of this revision; `again` counts the orders, where the
    ones before were cancelled.
    """

    revision: int
    order: str
    again: int | None = None

    def recorded_under(self) -> str:
        return anew("ordered", self.again)


class QuotationContracted(Event):
    """It became that contract, with the lines of this revision; orders are drawn on that."""

    revision: int
    contract: str


QuotationEvent = (
    QuotationDrafted
    | QuotationRevised
    | QuotationSubmitted
    | QuotationSentBack
    | QuotationSent
    | QuotationAccepted
    | QuotationRefused
    | QuotationExpired
    | QuotationCancelled
    | QuotationOrdered
    | QuotationContracted
)
