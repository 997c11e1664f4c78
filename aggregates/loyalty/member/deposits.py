"""What is left of what a member paid in ahead, told in whatever order."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import NamedTuple, Self

from aggregates import Unknown, repeats
from aggregates.loyalty.member.deposit import (
    DepositEntry,
    DepositEvent,
    DepositRefused,
    DepositReversed,
    DepositSpent,
    DepositSpentSince,
    DepositToppedUp,
)
from aggregates.marks import Money

EARLIEST = datetime.min.replace(tzinfo=UTC)


class PaidIn(NamedTuple):
    """What is left of what was paid in at an instant."""

    at: datetime
    left: Money


@dataclass(frozen=True)
class Deposits:
    """What is spent was paid in by then, so at no instant is less than nothing there."""

    left: Mapping[str, tuple[PaidIn, ...]] = field(default_factory=dict)
    """By currency, in the order in which it was paid in; what is spent is not here."""

    def __bool__(self) -> bool:
        return any(self.left.values())

    def balance(self, currency: str, at: datetime) -> int:
        """What can be spent at that instant."""
        return sum(one.left for one in self.left.get(currency, ()) if one.at <= at)

    def instants(self, currency: str) -> Iterator[datetime]:
        """When what is left was paid in."""
        return (one.at for one in self.left.get(currency, ()))

    def top_up(
        self, asked: DepositToppedUp, before: DepositToppedUp | None, but: Collection[str]
    ) -> Iterator[DepositEvent]:
        if not repeats(before, asked, but={"paid_at", *but}):
            yield asked

    def spend(
        self, asked: DepositSpent, before: DepositSpent | None, at: datetime, but: Collection[str]
    ) -> Iterator[DepositEvent]:
        if repeats(before, asked, but={"paid_at", *but}):
            return
        if asked.amount > (left := self.balance(asked.currency, at)):
            yield DepositRefused(asked.spend, asked.currency, asked.amount, left)
        else:
            yield asked

    def reverse(
        self,
        entry: DepositEntry,
        number: str,
        before: DepositToppedUp | DepositSpent | None,
        reason: str,
        at: datetime,
    ) -> Iterator[DepositEvent]:
        if before is None:
            raise Unknown(
                f"The deposit has no {entry} {number}. Check its number.",
                f"储值没有编号为 {number} 的{'充值' if entry == 'top_up' else '消费'}。"
                "请检查其编号。",
            )
        left = self.balance(before.currency, at)
        if entry == "top_up" and left < before.amount:
            raise DepositSpentSince(before.amount, left, before.currency)
        what = before.currency, before.amount, before.dealer
        yield DepositReversed(entry, number, *what, reason, at)

    def fold(self, event: DepositEvent) -> Self:
        match event:
            case DepositToppedUp(currency=code, amount=amount, paid_at=at):
                return self._in(code, PaidIn(at or EARLIEST, amount))
            case DepositReversed("spend", currency=code, amount=amount, reversed_at=at):
                return self._in(code, PaidIn(at, amount))
            case DepositSpent(currency=code) | DepositReversed(currency=code):
                return self._out(code, event.amount)
            case DepositRefused():
                return self

    def _in(self, currency: str, paid: PaidIn) -> Self:
        every = sorted((*self.left.get(currency, ()), paid), key=lambda one: one.at)
        return replace(self, left={**self.left, currency: tuple(every)})

    def _out(self, currency: str, amount: int) -> Self:
        """What was paid in first is spent first."""
        left = []
        for one in self.left.get(currency, ()):
            part = min(amount, one.left)
            amount -= part
            if part < one.left:
                left.append(one._replace(left=one.left - part))
        return replace(self, left={**self.left, currency: tuple(left)})
