"""A payment that was received: it settles invoices, up to its amount, or is kept as an advance."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Self

from aggregates import NO_DIMENSIONS, Aggregate, Unknown, repeats
from aggregates.receivables.debtor import Debtor
from aggregates.receivables.receipt.events import AllocatedPart as AllocatedPart
from aggregates.receivables.receipt.events import PaymentAllocated as PaymentAllocated
from aggregates.receivables.receipt.events import (
    PaymentAllocationUndone as PaymentAllocationUndone,
)
from aggregates.receivables.receipt.events import PaymentBounced as PaymentBounced
from aggregates.receivables.receipt.events import PaymentReceived as PaymentReceived
from aggregates.receivables.receipt.events import PaymentRefunded as PaymentRefunded
from aggregates.receivables.receipt.events import PaymentRefundUndone as PaymentRefundUndone
from aggregates.receivables.receipt.events import ReceiptEvent as ReceiptEvent
from aggregates.receivables.receipt.events import Way as Way
from aggregates.receivables.receipt.refusals import BeyondReceipt as BeyondReceipt
from aggregates.receivables.receipt.refusals import BouncedPayment as BouncedPayment
from aggregates.receivables.receipt.refusals import PaidBack as PaidBack

Parts = tuple[AllocatedPart, ...]


@dataclass(frozen=True)
class Receipt(Aggregate):
    kind: ClassVar[str] = "receipt"

    received: PaymentReceived | None = None
    left: int = 0
    """What settles no invoice: an advance."""
    refunded: int = 0
    bounced: bool = False
    allocations: Mapping[str, Parts] = field(default_factory=dict)
    """By their ids, less what was undone of them."""

    def receive(self, payment: PaymentReceived) -> Iterator[ReceiptEvent]:
        if not repeats(self.received, payment):
            yield payment

    def allocate(
        self, allocation: str, invoice: str | None, parts: Parts
    ) -> Iterator[ReceiptEvent]:
        amount = self.usable(sum(part.amount for part in parts))
        yield PaymentAllocated(allocation, invoice, *self._stamp(), amount, parts)

    def undo(self, allocation: str, reason: str) -> Iterator[ReceiptEvent]:
        """Undo all that is left of an allocation."""
        self.known()
        if allocation not in self.allocations:
            raise Unknown(
                f"The payment has no allocation {allocation} that could be undone. Check its id.",
                f"该收款没有可撤销的核销 {allocation}。请检查其编号。",
            )
        parts = self.allocations[allocation]
        yield PaymentAllocationUndone(allocation, *self._stamp(), _sum(parts), parts, reason)

    def set_free(
        self, allocation: str, part: AllocatedPart, credit_note: str
    ) -> PaymentAllocationUndone:
        """What is left of an invoice no longer takes this part of the payment."""
        what = allocation, *self._stamp(), part.amount, (part,)
        return PaymentAllocationUndone(*what, None, credit_note)

    def take_apart(
        self, together: Container[str], customer: str, reason: str
    ) -> Iterator[ReceiptEvent]:
        """Between those who go together and all others nothing is settled any more."""
        own = self.known().debtor.customer
        for allocation, parts in self.allocations.items():
            gone = tuple(
                part for part in parts if ((part.customer or own) in together) != (own in together)
            )
            if gone:
                what = allocation, *self._stamp(), _sum(gone), gone, reason
                yield PaymentAllocationUndone(*what, unmerged=customer)

    def refund(self, refund: str, amount: int | None, reason: str) -> Iterator[ReceiptEvent]:
        self.known()
        amount = self.usable(self.left if amount is None else amount)
        yield PaymentRefunded(refund, *self._stamp(), amount, reason)

    def undo_refund(self, before: PaymentRefunded | None, reason: str) -> Iterator[ReceiptEvent]:
        self.known()
        if before is None:
            raise Unknown(
                "The payment has no such refund. Check its id.",
                "该收款没有这笔退款。请检查其编号。",
            )
        yield PaymentRefundUndone(before.refund, *self._stamp(), before.amount, reason)

    def bounce(self, reason: str) -> Iterator[ReceiptEvent]:
        """Undo all that it settled: the money never came."""
        received = self.known()
        if self.refunded:
            raise PaidBack(self.refunded, received.currency)
        for allocation in self.allocations:
            yield from self.undo(allocation, reason)
        yield PaymentBounced(*self._stamp(), received.amount, reason)

    def usable(self, amount: int) -> int:
        """The amount, which must be left of the payment."""
        received = self.known()
        if self.bounced:
            raise BouncedPayment
        if not 0 < amount <= self.left:
            raise BeyondReceipt(amount, self.left, received.currency)
        return amount

    def known(self) -> PaymentReceived:
        if self.received is None:
            raise Unknown(
                "There is no such receipt. Check its number, or record it: receive-payment.",
                "没有这张收款单。请检查其编号，或先登记：receive-payment。",
            )
        return self.received

    def _stamp(self) -> tuple[Debtor, str]:
        received = self.known()
        return received.debtor, received.currency

    @property
    def dimensions(self) -> Mapping[str, str]:
        return NO_DIMENSIONS if self.received is None else self.received.debtor.dimensions

    def evolve(self, event: ReceiptEvent) -> Self:
        match event:
            case PaymentReceived(amount=amount):
                return replace(self, received=event, left=amount)
            case PaymentAllocated(allocation, parts=parts, amount=amount):
                allocations = {**self.allocations, allocation: parts}
                return replace(self, left=self.left - amount, allocations=allocations)
            case PaymentAllocationUndone(allocation, parts=parts, amount=amount):
                allocations = {**self.allocations, allocation: self._without(allocation, parts)}
                held = {name: one for name, one in allocations.items() if one}
                return replace(self, left=self.left + amount, allocations=held)
            case PaymentRefunded(amount=amount):
                refunded = self.refunded + amount
                return replace(self, left=self.left - amount, refunded=refunded)
            case PaymentRefundUndone(amount=amount):
                refunded = self.refunded - amount
                return replace(self, left=self.left + amount, refunded=refunded)
            case PaymentBounced():
                return replace(self, left=0, bounced=True)

    def _without(self, allocation: str, gone: Parts) -> Parts:
        less = {part.invoice: part.amount for part in gone}
        kept = (
            replace(part, amount=part.amount - less.get(part.invoice, 0))
            for part in self.allocations[allocation]
        )
        return tuple(part for part in kept if part.amount)


def _sum(parts: Parts) -> int:
    return sum(part.amount for part in parts)
