"""A contract says what a customer may order until when; orders on it never take more than that."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import sha256
from typing import ClassVar, NamedTuple, Self

from aggregates import NO_DIMENSIONS, Aggregate, Unknown, refuse_unequal
from aggregates.assignee import of_business
from aggregates.calendar import business_day, day_after, day_start
from aggregates.line_pricing import signed_text
from aggregates.pricing.contract import refusals
from aggregates.pricing.contract.events import (
    ContractCancelled,
    ContractDrafted,
    ContractEnded,
    ContractEvent,
    ContractFreed,
    ContractLine,
    ContractOrderDivided,
    ContractOrdered,
    ContractRevised,
    ContractSentBack,
    ContractSigned,
    ContractSubmitted,
    ContractTerminated,
    DrawnLine,
)

UNSIGNED = "draft", "submitted"
GOES_ON = frozenset({*UNSIGNED, "signed"})
"""Of a contract in one of these states something may still be ordered."""


class Agreed(NamedTuple):
    """What a contract says, as long as it may be changed."""

    lines: tuple[ContractLine, ...]
    valid_from: date
    valid_until: date
    note: str | None = None

    def may_be(self, day: date) -> None:
        """Refuse days on which nothing could be ordered."""
        if self.valid_until < self.valid_from:
            raise refusals.backwards(self.valid_from, self.valid_until)
        if self.valid_until < day:
            raise refusals.over(self.valid_until, day)

    @property
    def amount(self) -> int:
        return sum(line.amount for line in self.lines)

    @property
    def content(self) -> str:
        """The digest of what is agreed; why it costs that is no part of it."""
        text = f"{signed_text(self.lines)}\n{self.valid_from}\n{self.valid_until}"
        return sha256(text.encode()).hexdigest()

    @property
    def ends_at(self) -> datetime:
        return day_start(day_after(self.valid_until))


NOTHING = Agreed((), date.min, date.min)


@dataclass(frozen=True)
class Contract(Aggregate):
    kind: ClassVar[str] = "contract"

    drafted: ContractDrafted | None = None  # as it was at first, to know a repeat
    status: str = ""
    revision: int = 0
    agreed: Agreed = NOTHING
    needs: str | None = None  # the approval that it was submitted with
    reference: str | None = None  # the customer's own, once signed
    reason: str | None = None  # why it was cancelled or terminated
    drawn: Mapping[str, tuple[DrawnLine, ...]] = field(default_factory=dict)
    """By order, line by line of that."""

    def revise(self, content: Agreed, day: date) -> Iterator[ContractEvent]:
        first = self.known()
        self._must_be(*UNSIGNED)
        if content == self.agreed:
            return
        content.may_be(day)
        yield ContractRevised(self.revision + 1, first.currency, *content)

    def submit(self, approval: str | None) -> Iterator[ContractEvent]:
        if self.status == "submitted":
            return
        self._must_be("draft")
        what = self.agreed.amount, self.known().currency, self.agreed.content, approval
        yield ContractSubmitted(self.revision, *what)

    def send_back(self, reason: str) -> Iterator[ContractEvent]:
        self._must_be("submitted")
        yield ContractSentBack(self.revision, reason)

    def sign(self, reference: str | None, at: datetime) -> Iterator[ContractEvent]:
        if self.status == "signed":
            refuse_unequal(("reference", self.reference, reference))
            return
        self._must_be("submitted")
        now = self.agreed
        now.may_be(business_day(at))
        what = now.amount, self.known().currency, now.content, reference, now.ends_at
        yield ContractSigned(self.revision, *what)

    def draw(
        self, order: str, parts: tuple[DrawnLine, ...], at: datetime
    ) -> Iterator[ContractOrdered]:
        """Have so many of each line in an order; never more than is left. What was ordered within
        its days may be told after it has ended.
        """
        now, day = self.agreed, business_day(at)
        valid = now.valid_from <= day <= now.valid_until
        if not (self.status == "ended" and valid):
            self._must_be("signed")
        if not valid:
            raise refusals.not_valid(now.valid_from, now.valid_until, day)
        if not parts:
            raise refusals.nothing_left()
        every = self.left
        for one in parts:
            if one.line not in every:
                raise refusals.no_such_line(one.line, len(now.lines))
            if one.quantity > (left := every[one.line]):
                raise refusals.beyond(one.line, now.lines[one.line - 1].item, left, one.quantity)
        yield ContractOrdered(order, parts)

    def keep(self, order: str, quantities: Sequence[int]) -> Iterator[ContractEvent]:
        """Have no more in an order than it still wants of each of its lines."""
        before = self.drawn[order]
        pairs = zip(before, quantities, strict=True)
        now = tuple(
            one if one.quantity <= most else DrawnLine(one.line, most) for one, most in pairs
        )
        if now != before:
            yield ContractFreed(order, now)

    def divide(self, order: str, rest: str, kept: Mapping[int, int]) -> Iterator[ContractEvent]:
        """Have in the rest of an order what is not kept of its lines, which are numbered anew."""
        first: list[DrawnLine] = []
        left: list[DrawnLine] = []
        for number, one in enumerate(self.drawn[order], 1):
            here = kept.get(number, 0)
            for into, quantity in ((first, here), (left, one.quantity - here)):
                if quantity:
                    into.append(one if quantity == one.quantity else DrawnLine(one.line, quantity))
        yield ContractOrderDivided(order, rest, tuple(first), tuple(left))

    @property
    def ordered(self) -> Mapping[int, int]:
        """How many of each line are in orders."""
        found = {line.line: 0 for line in self.agreed.lines}
        for lines in self.drawn.values():
            for one in lines:
                found[one.line] += one.quantity
        return found

    @property
    def left(self) -> Mapping[int, int]:
        ordered = self.ordered
        return {line.line: line.quantity - ordered[line.line] for line in self.agreed.lines}

    def end(self, at: datetime) -> Iterator[ContractEvent]:
        """Say that its last day has passed, where that is so."""
        if self.status == "signed" and self.agreed.ends_at <= at:
            yield ContractEnded(self.agreed.valid_until)

    def cancel(self, reason: str) -> Iterator[ContractEvent]:
        self.known()
        if self.status == "cancelled":
            refuse_unequal(("reason", self.reason, reason))
            return
        self._must_be(*UNSIGNED)
        yield ContractCancelled(reason)

    def terminate(self, reason: str) -> Iterator[ContractEvent]:
        self.known()
        if self.status == "terminated":
            refuse_unequal(("reason", self.reason, reason))
            return
        self._must_be("signed")
        yield ContractTerminated(reason)

    @property
    def goes_on(self) -> bool:
        return self.status in GOES_ON

    def known(self) -> ContractDrafted:
        if self.drafted is None:
            raise Unknown(
                "There is no such contract. Make one of a quotation, or draft it first.",
                "没有这份合同。请先由报价单生成，或起草合同。",
            )
        return self.drafted

    def _must_be(self, *allowed: str) -> None:
        self.known()
        if self.status not in allowed:
            raise refusals.not_now(self.status, allowed)

    @property
    def dimensions(self) -> Mapping[str, str]:
        return NO_DIMENSIONS if self.drafted is None else of_business(self.drafted)

    def evolve(self, event: ContractEvent) -> Self:
        match event:
            case ContractDrafted():
                return replace(self, drafted=event).agreeing(1, event)
            case ContractRevised():
                return self.agreeing(event.revision, event)
            case ContractSubmitted(approval=approval):
                return replace(self, status="submitted", needs=approval)
            case ContractSentBack():
                return replace(self, status="draft", needs=None)
            case ContractSigned(reference=reference):
                return replace(self, status="signed", reference=reference)
            case ContractOrdered(order, lines) | ContractFreed(order, lines):
                return replace(self, drawn={**self.drawn, order: lines})
            case ContractOrderDivided(order, rest, lines, left):
                return replace(self, drawn={**self.drawn, order: lines, rest: left})
            case ContractEnded():
                return replace(self, status="ended")
            case ContractCancelled(reason):
                return replace(self, status="cancelled", reason=reason)
            case ContractTerminated(reason):
                return replace(self, status="terminated", reason=reason)

    def agreeing(self, number: int, event: ContractDrafted | ContractRevised) -> Self:
        agreed = Agreed(event.lines, event.valid_from, event.valid_until, event.note)
        return replace(self, status="draft", revision=number, needs=None, agreed=agreed)
