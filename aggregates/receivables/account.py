"""A customer's account: what is agreed with the customer, and each amount that is open."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import ClassVar, NamedTuple, Self

from aggregates import OWN_ID, Aggregate, Event
from aggregates.marks import DayCount, Money
from aggregates.mentions import ThingRef


class PaymentTermsAgreed(Event):
    """Invoices that are issued from now on are due so many days after their business day."""

    due_days: DayCount


class OpenAmountChanged(Event, anytime=True):
    """Of a document so much is open now, and was before; what was paid too much is negative."""

    document: ThingRef
    currency: str
    due: date | None
    before: Money
    amount: Money


AccountEvent = PaymentTermsAgreed | OpenAmountChanged


class OpenAmount(NamedTuple):
    currency: str
    due: date | None
    amount: int


@dataclass(frozen=True)
class CustomerAccount(Aggregate):
    """Its id is the customer's."""

    kind: ClassVar[str] = "customer_account"
    id_names: ClassVar[tuple[str, ...]] = ("customer",)

    due_days: int | None = None
    documents: Mapping[ThingRef, OpenAmount] = field(default_factory=dict)
    """What is open, by document; what is settled is not here."""

    @property
    def dimensions(self) -> Mapping[str, str]:
        return {"dealer": OWN_ID}

    def agree_terms(self, due_days: int) -> Iterator[AccountEvent]:
        if due_days != self.due_days:
            yield PaymentTermsAgreed(due_days)

    def enter(self, document: ThingRef, found: OpenAmount) -> Iterator[AccountEvent]:
        """Keep what is open of a document now."""
        known = self.documents.get(document)
        before = 0 if known is None else known.amount
        if before != found.amount:
            yield OpenAmountChanged(document, found.currency, found.due, before, found.amount)

    def evolve(self, event: AccountEvent) -> Self:
        match event:
            case PaymentTermsAgreed(due_days):
                return replace(self, due_days=due_days)
            case OpenAmountChanged(document):
                others = {name: one for name, one in self.documents.items() if name != document}
                if event.amount:
                    others[document] = OpenAmount(event.currency, event.due, event.amount)
                return replace(self, documents=others)
