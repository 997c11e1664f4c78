"""A customer's account: what is agreed with the customer, and each amount that is open."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, ClassVar, NamedTuple, Self

from aggregates import OWN_ID, Aggregate, Event
from aggregates.marks import DayCount, Money, names
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


class PaymentReferenceUsed(Event, anytime=True):
    """A customer's reference of a way to pay stands for one payment."""

    way: str
    reference: str
    receipt: Annotated[str, names("receipt")]

    @staticmethod
    def under(way: str, reference: str) -> str:
        return f"payment:{way}:{reference}"

    def recorded_under(self) -> str:
        return self.under(self.way, self.reference)


AccountEvent = PaymentTermsAgreed | OpenAmountChanged | PaymentReferenceUsed


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

    def use_reference(self, way: str, reference: str, receipt: str) -> Iterator[AccountEvent]:
        """Let a reference stand for a payment; whether it did before is asked of the log."""
        yield PaymentReferenceUsed(way, reference, receipt)

    def invoices(self, currency: str) -> list[str]:
        """The open invoices in a currency, those first that are due first."""
        found = (
            (one.due, document.id)
            for document, one in self.documents.items()
            if document.kind == "invoice" and one.currency == currency
        )
        in_order = sorted(found, key=lambda each: (each[0] or date.max, each[1]))
        return [invoice for _, invoice in in_order]

    def evolve(self, event: AccountEvent) -> Self:
        match event:
            case PaymentTermsAgreed(due_days):
                return replace(self, due_days=due_days)
            case OpenAmountChanged(document):
                others = {name: one for name, one in self.documents.items() if name != document}
                if event.amount:
                    others[document] = OpenAmount(event.currency, event.due, event.amount)
                return replace(self, documents=others)
            case PaymentReferenceUsed():
                return self
