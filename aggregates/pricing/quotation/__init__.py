"""A quotation offers prices until a day; its newest revision becomes one order, or a contract."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import sha256
from typing import ClassVar, NamedTuple, Self

from aggregates import NO_DIMENSIONS, Aggregate, Unknown, again, refuse_unequal
from aggregates.assignee import of_business
from aggregates.calendar import business_day, day_after, day_start
from aggregates.line_pricing import signed_text
from aggregates.pricing.quotation import refusals
from aggregates.pricing.quotation.events import (
    QuotationAccepted,
    QuotationCancelled,
    QuotationContracted,
    QuotationDrafted,
    QuotationEvent,
    QuotationExpired,
    QuotationOrdered,
    QuotationRefused,
    QuotationRevised,
    QuotationSent,
    QuotationSentBack,
    QuotationSubmitted,
    QuotedLine,
)

ACTIVE = frozenset({"draft", "submitted", "sent", "accepted"})
"""A quotation in one of these states may still become an order."""


class Revision(NamedTuple):
    """What one revision offers."""

    lines: tuple[QuotedLine, ...]
    valid_until: date
    note: str | None = None

    @property
    def amount(self) -> int:
        return sum(line.amount for line in self.lines)

    @property
    def content(self) -> str:
        """The digest of what is offered; why it costs that is no part of it."""
        return sha256(f"{signed_text(self.lines)}\n{self.valid_until}".encode()).hexdigest()

    @property
    def expires_at(self) -> datetime:
        return day_start(day_after(self.valid_until))


@dataclass(frozen=True)
class Quotation(Aggregate):
    kind: ClassVar[str] = "quotation"

    drafted: QuotationDrafted | None = None  # as it was at first, to know a repeat
    status: str = ""
    revision: int = 0
    revisions: Mapping[int, Revision] = field(default_factory=dict)
    needs: str | None = None  # the approval that it was submitted with
    reference: str | None = None  # the customer's own, once accepted
    reason: str | None = None  # why it was refused or cancelled
    order: str | None = None
    orders: int = 0  # that it became, of which all but the last were cancelled
    contract: str | None = None

    def revise(
        self, content: Revision, from_revision: int | None, day: date
    ) -> Iterator[QuotationEvent]:
        """Offer something else; what was sent before stays readable, and is superseded."""
        first, before = self.known(), self.current
        self._must_be(*ACTIVE, "refused", "expired")
        draft = self.status == "draft"
        if draft and content == before:
            return
        if content.valid_until < day:
            raise refusals.over(content.valid_until, day)
        number = self.revision if draft else self.revision + 1
        yield QuotationRevised(
            number, None if draft else self.revision, from_revision, first.currency, *content
        )

    def submit(self, approval: str) -> Iterator[QuotationEvent]:
        self._must_be("draft")
        now = self.current
        what = now.amount, self.known().currency, now.content, approval
        yield QuotationSubmitted(self.revision, *what)

    def send_back(self, reason: str) -> Iterator[QuotationEvent]:
        self._must_be("submitted")
        yield QuotationSentBack(self.revision, reason)

    def send(self, at: datetime) -> Iterator[QuotationEvent]:
        if self.status == "sent":
            return
        self._must_be("draft", "submitted")
        now = self.current
        self._in_time(at)
        what = now.amount, self.known().currency, now.content, now.expires_at
        yield QuotationSent(self.revision, *what)

    def accept(
        self, revision: int, reference: str | None, at: datetime
    ) -> Iterator[QuotationEvent]:
        self.newest(revision)
        if self.status == "accepted":
            refuse_unequal(("reference", self.reference, reference))
            return
        if not self._answered_in_time(at):
            self._must_be("sent")
            self._in_time(at)
        what = self.current.amount, self.known().currency, reference
        yield QuotationAccepted(revision, *what)

    def refuse(self, revision: int, reason: str, at: datetime) -> Iterator[QuotationEvent]:
        self.newest(revision)
        if self.status == "refused":
            refuse_unequal(("reason", self.reason, reason))
            return
        if not self._answered_in_time(at):
            self._must_be("sent", "accepted")
        yield QuotationRefused(revision, reason)

    def expire(self, at: datetime) -> Iterator[QuotationEvent]:
        """Say that nobody answered in time, where that is so."""
        if self.status == "sent" and self.current.expires_at <= at:
            yield QuotationExpired(self.revision, self.current.valid_until)

    def cancel(self, reason: str) -> Iterator[QuotationEvent]:
        self.known()
        if self.status == "cancelled":
            refuse_unequal(("reason", self.reason, reason))
            return
        self._must_be(*ACTIVE)
        yield QuotationCancelled(self.revision, reason)

    def become(self, revision: int, order: str, *, anew: bool = False) -> Iterator[QuotationEvent]:
        """Become an order: once, unless that was cancelled, and of the newest revision, which was
        accepted.
        """
        self.newest(revision)
        self._must_be("accepted", *(("ordered",) if anew else ()))
        yield QuotationOrdered(revision, order, again(self.orders))

    def become_contract(
        self, revision: int, contract: str, *, again: bool = False
    ) -> Iterator[QuotationContracted]:
        """Become a contract instead: once, unless that came to nothing."""
        self.newest(revision)
        self._must_be("accepted", *(("contracted",) if again else ()))
        yield QuotationContracted(revision, contract)

    def newest(self, revision: int) -> None:
        """Refuse what is asked of a revision that is not the newest one."""
        self.known()
        if revision not in self.revisions:
            raise refusals.no_such_revision(revision, self.revision)
        if revision != self.revision:
            raise refusals.superseded(revision, self.revision)

    def of(self, revision: int) -> Revision:
        """An earlier revision, or this one, as it was."""
        self.known()
        if revision not in self.revisions:
            raise refusals.no_such_revision(revision, self.revision)
        return self.revisions[revision]

    @property
    def current(self) -> Revision:
        return self.revisions[self.revision]

    @property
    def active(self) -> bool:
        """Whether it may still become an order."""
        return self.status in ACTIVE

    def known(self) -> QuotationDrafted:
        if self.drafted is None:
            raise Unknown(
                "There is no such quotation. Draft the quotation first.",
                "没有这张报价单。请先起草报价单。",
            )
        return self.drafted

    def _must_be(self, *allowed: str) -> None:
        self.known()
        if self.status not in allowed:
            raise refusals.not_now(self.status, sorted(allowed))

    def _answered_in_time(self, at: datetime) -> bool:
        """Whether what is told of an expired quotation happened before it expired."""
        return self.status == "expired" and at < self.current.expires_at

    def _in_time(self, at: datetime) -> None:
        if self.current.expires_at <= at:
            raise refusals.over(self.current.valid_until, business_day(at))

    @property
    def dimensions(self) -> Mapping[str, str]:
        return NO_DIMENSIONS if self.drafted is None else of_business(self.drafted)

    def evolve(self, event: QuotationEvent) -> Self:
        match event:
            case QuotationDrafted():
                return replace(self, drafted=event).offering(1, event)
            case QuotationRevised():
                return self.offering(event.revision, event)
            case QuotationSubmitted(approval=approval):
                return replace(self, status="submitted", needs=approval)
            case QuotationSentBack():
                return replace(self, status="draft", needs=None)
            case QuotationSent():
                return replace(self, status="sent")
            case QuotationAccepted(reference=reference):
                return replace(self, status="accepted", reference=reference)
            case QuotationRefused(reason=reason):
                return replace(self, status="refused", reason=reason)
            case QuotationExpired():
                return replace(self, status="expired")
            case QuotationCancelled(reason=reason):
                return replace(self, status="cancelled", reason=reason)
            case QuotationOrdered(order=order):
                return replace(self, status="ordered", order=order, orders=self.orders + 1)
            case QuotationContracted(contract=contract):
                return replace(self, status="contracted", contract=contract)

    def offering(self, number: int, event: QuotationDrafted | QuotationRevised) -> Self:
        made = Revision(event.lines, event.valid_until, event.note)
        fresh = replace(self, status="draft", revision=number, needs=None, reference=None)
        return replace(fresh, reason=None, revisions={**self.revisions, number: made})
