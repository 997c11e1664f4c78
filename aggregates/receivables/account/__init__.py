"""A customer's account: what is agreed with the customer, and each amount that is open."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, ClassVar, NamedTuple, Self

from aggregates import OWN_ID, Aggregate, Event, anew, refuse_unequal
from aggregates.long_mapping import LongMapping
from aggregates.marks import DayCount, Money, names
from aggregates.mentions import ThingRef
from aggregates.receivables.account.credit import (
    CreditHeld,
    CreditHoldReleased,
    CreditLimitSet,
    CreditOnHold,
    OrderCreditRefused,
)


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
    """A customer's reference of a way to pay stands for one payment, until that bounces."""

    way: str
    reference: str
    receipt: Annotated[str, names("receipt")]
    revision: int | None = None

    @staticmethod
    def under(way: str, reference: str, revision: int | None = None) -> str:
        return anew(f"payment:{way}:{reference}", revision)

    def recorded_under(self) -> str:
        return self.under(self.way, self.reference, self.revision)


class AccountJoined(Event, anytime=True):
    """A customer was merged into this one: what paid for it before pays nothing here again."""

    account: str


class AccountParted(Event, anytime=True):
    """The customers are two again."""

    account: str


AccountEvent = (
    PaymentTermsAgreed
    | AccountJoined
    | AccountParted
    | OpenAmountChanged
    | PaymentReferenceUsed
    | CreditLimitSet
    | CreditHeld
    | CreditHoldReleased
    | OrderCreditRefused
)


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
    documents: LongMapping[OpenAmount] = field(default_factory=LongMapping)
    """What is open, by the document's stream; what is settled is not here."""
    limits: Mapping[str, tuple[CreditLimitSet, ...]] = field(default_factory=dict)
    """By currency, in the order in which they were set."""
    held: str | None = None
    released: str | None = None  # why the last hold was, while there is none
    """Why nothing is released to the customer, while that is so."""
    joined: tuple[str, ...] = ()
    """The accounts of those that were merged into the customer."""

    @property
    def dimensions(self) -> Mapping[str, str]:
        return {"dealer": OWN_ID}

    def agree_terms(self, due_days: int) -> Iterator[AccountEvent]:
        if due_days != self.due_days:
            yield PaymentTermsAgreed(due_days)

    def join(self, account: str) -> Iterator[AccountEvent]:
        if account not in self.joined:
            yield AccountJoined(account)

    def part(self, account: str) -> Iterator[AccountEvent]:
        if account in self.joined:
            yield AccountParted(account)

    def enter(self, document: ThingRef, found: OpenAmount) -> Iterator[AccountEvent]:
        """Keep what is open of a document now."""
        known = self.documents.get(document.stream)
        before = 0 if known is None else known.amount
        if before != found.amount:
            yield OpenAmountChanged(document, found.currency, found.due, before, found.amount)

    def invoices(self, currency: str) -> list[str]:
        """The open invoices in a currency, those first that are due first."""
        every = ((ThingRef.of(stream), one) for stream, one in self.documents.items())
        found = (
            (one.due, document.id)
            for document, one in every
            if document.kind == "invoice" and one.currency == currency
        )
        in_order = sorted(found, key=lambda each: (each[0] or date.max, each[1]))
        return [invoice for _, invoice in in_order]

    def exposure(self, currency: str) -> int:
        """What the customer owes, with orders that are not invoiced yet, less what was paid."""
        return sum(one.amount for one in self.documents.values() if one.currency == currency)

    def limit(self, currency: str, day: date) -> int | None:
        """What the customer may owe on that day: nothing once a limit has ended, and None where
        there never was one.
        """
        last = self._last(currency, day)
        if last is None:
            return None
        return last.limit if self.ended(currency, day) is None else 0

    def ended(self, currency: str, day: date) -> date | None:
        """The last day of the limit that counts on that day, where it is over by then."""
        last = self._last(currency, day)
        until = None if last is None else last.valid_until
        return until if until is not None and until < day else None

    def _last(self, currency: str, day: date) -> CreditLimitSet | None:
        """The one that began last by then; of those that began on one day, the one told last."""
        every = reversed(self.limits.get(currency, ()))
        begun = (one for one in every if one.valid_from <= day)
        return max(begun, key=lambda one: one.valid_from, default=None)

    def set_limit(self, limit: CreditLimitSet) -> Iterator[AccountEvent]:
        before = self.limits.get(limit.currency, ())
        if not before or replace(before[-1], exposure=limit.exposure) != limit:
            yield limit

    def hold(self, reason: str) -> Iterator[AccountEvent]:
        if self.held is None:
            yield CreditHeld(reason)
        else:
            refuse_unequal(("reason", self.held, reason))

    def release_hold(self, reason: str) -> Iterator[AccountEvent]:
        if self.held is not None:
            yield CreditHoldReleased(reason)
        elif self.released is not None:
            refuse_unequal(("reason", self.released, reason))

    def not_held(self, customer: str) -> None:
        """Refuse to release anything to a customer whose credit is held."""
        if self.held is not None:
            raise CreditOnHold(customer, self.held)

    def evolve(self, event: AccountEvent) -> Self:
        match event:
            case PaymentTermsAgreed(due_days):
                return replace(self, due_days=due_days)
            case OpenAmountChanged(document):
                found = (
                    OpenAmount(event.currency, event.due, event.amount) if event.amount else None
                )
                return replace(self, documents=self.documents.changed(document.stream, found))
            case CreditLimitSet(currency):
                every = (*self.limits.get(currency, ()), event)
                return replace(self, limits={**self.limits, currency: every})
            case CreditHeld(reason):
                return replace(self, held=reason, released=None)
            case CreditHoldReleased(reason):
                return replace(self, held=None, released=reason)
            case AccountJoined(account):
                return replace(self, joined=(*self.joined, account))
            case AccountParted(account):
                return replace(self, joined=tuple(one for one in self.joined if one != account))
            case PaymentReferenceUsed() | OrderCreditRefused():
                return self
