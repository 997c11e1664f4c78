"""What a member has paid in ahead: an account for each currency, which is never below zero."""

from datetime import datetime
from typing import ClassVar, Literal

from aggregates import Event, Refused
from aggregates.currency import money
from aggregates.marks import Money

DepositEntry = Literal["top_up", "spend"]


class DepositToppedUp(Event, anytime=True):
    top_up: str
    currency: str
    amount: Money
    dealer: str | None
    paid_at: datetime | None = None

    @staticmethod
    def under(top_up: str) -> str:
        return f"top-up {top_up}"

    def recorded_under(self) -> str:
        return self.under(self.top_up)


class DepositSpent(Event, anytime=True):
    spend: str
    currency: str
    amount: Money
    dealer: str | None
    paid_at: datetime | None = None

    @staticmethod
    def under(spend: str) -> str:
        return f"spent {spend}"

    def recorded_under(self) -> str:
        return self.under(self.spend)


class DepositReversed(Event, anytime=True):
    """What was topped up or spent under that number was not."""

    entry: DepositEntry
    number: str
    currency: str
    amount: Money
    dealer: str | None
    reason: str
    reversed_at: datetime

    @staticmethod
    def under(entry: DepositEntry, number: str) -> str:
        return f"reversed {entry} {number}"

    def recorded_under(self) -> str:
        return self.under(self.entry, self.number)


class DepositRefused(Event, anytime=True):
    """More was to be spent than there was."""

    refusal: ClassVar[bool] = True

    spend: str
    currency: str
    amount: Money
    balance: Money

    def said(self) -> tuple[str, str]:
        there, wanted = money(self.balance, self.currency), money(self.amount, self.currency)
        return (
            f"The deposit has {there}, and {wanted} are asked for. Top it up first, or spend less.",
            f"储值余额为 {there}，需要 {wanted}。请先充值，或减少金额。",
        )


DepositEvent = DepositToppedUp | DepositSpent | DepositReversed | DepositRefused


class DepositSpentSince(Refused):
    """What was topped up by mistake is taken back while it is there."""

    def __init__(self, amount: int, balance: int, currency: str) -> None:
        wanted, there = money(amount, currency), money(balance, currency)
        super().__init__(
            f"{there} of the deposit is left, less than the {wanted} that were topped up. Take back"
            " first what was spent of it: reverse-deposit.",
            f"储值余额为 {there}，少于该笔充值 {wanted}。请先撤销相应的消费：reverse-deposit。",
        )


class MemberTierSet(Event, anytime=True):
    """None is no tier."""

    tier: str | None
