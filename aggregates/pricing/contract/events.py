"""What happens to a contract."""

from dataclasses import dataclass
from datetime import date, datetime

from aggregates import Event
from aggregates.line_pricing import PricedLine
from aggregates.marks import Money
from aggregates.packs import Packed
from aggregates.pricing.quotation_terms import QuotationTerm


@dataclass(frozen=True)
class ContractLine(PricedLine):
    """What is agreed of an item, as it was quoted; an order takes over its part of it."""


@dataclass(frozen=True)
class DrawnLine:
    """So many of a line of the contract; `packed` is what was said."""

    line: int
    quantity: int
    packed: Packed | None = None


class ContractDrafted(Event):
    """`quotation` and its revision are what it was made from; `terms` those in force then."""

    customer: str
    customer_kind: str
    warehouse: str
    currency: str
    lines: tuple[ContractLine, ...]
    valid_from: date
    valid_until: date
    rep: str
    department: str
    region: str
    opportunity: str | None
    quotation: str | None
    quotation_revision: int | None
    terms: tuple[QuotationTerm, ...]
    note: str | None

    def recorded_under(self) -> str:
        return "drafted"


class ContractRevised(Event):
    """Another content, before it was signed."""

    revision: int
    currency: str
    lines: tuple[ContractLine, ...]
    valid_from: date
    valid_until: date
    note: str | None


class ContractSubmitted(Event):
    """It may be signed once `approval` is complete, where the routes ask for one."""

    revision: int
    amount: Money
    currency: str
    content: str
    approval: str | None


class ContractSentBack(Event):
    """Its approval was refused or withdrawn: it is a draft again."""

    revision: int
    reason: str


class ContractSigned(Event):
    """Both sides have signed; at `ends_at` nothing is ordered on it any longer. `reference` is the
    customer's own.
    """

    revision: int
    amount: Money
    currency: str
    content: str
    reference: str | None
    ends_at: datetime


class ContractOrdered(Event):
    """So much of it is in that order, line by line of the order."""

    order: str
    lines: tuple[DrawnLine, ...]

    @staticmethod
    def under(order: str) -> str:
        return f"ordered:{order}"

    def recorded_under(self) -> str:
        return self.under(self.order)


class ContractFreed(Event, anytime=True):
    """The order was cancelled, or less of it is enough: `lines` are what it has still."""

    order: str
    lines: tuple[DrawnLine, ...]


class ContractOrderDivided(Event, anytime=True):
    """What is `left` of that order is in the order `rest` now."""

    order: str
    rest: str
    lines: tuple[DrawnLine, ...]
    left: tuple[DrawnLine, ...]


class ContractEnded(Event, anytime=True):
    """Its last day has passed; what was ordered on it until then may be told later."""

    valid_until: date


class ContractCancelled(Event):
    """It was never signed."""

    reason: str


class ContractTerminated(Event):
    """It was signed, and counts no more; orders on it go on."""

    reason: str


ContractEvent = (
    ContractDrafted
    | ContractRevised
    | ContractSubmitted
    | ContractSentBack
    | ContractSigned
    | ContractOrdered
    | ContractFreed
    | ContractOrderDivided
    | ContractEnded
    | ContractCancelled
    | ContractTerminated
)
