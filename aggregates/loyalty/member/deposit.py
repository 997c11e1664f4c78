"""What a member has paid in ahead: an account for each currency, which is never below zero."""

from typing import ClassVar

from aggregates import Event
from aggregates.marks import Money


class DepositToppedUp(Event, anytime=True):
    top_up: str
    currency: str
    amount: Money
    dealer: str | None

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

    @staticmethod
    def under(spend: str) -> str:
        return f"spent {spend}"

    def recorded_under(self) -> str:
        return self.under(self.spend)


class DepositRefused(Event):
    """More was to be spent than there was."""

    refusal: ClassVar[bool] = True

    spend: str
    currency: str
    amount: Money
    balance: Money

    def said(self) -> tuple[str, str]:
        return (
            f"The deposit has {self.balance} {self.currency}, and {self.amount} are asked for."
            " Top it up first, or spend less.",
            f"储值余额为 {self.balance} {self.currency}，需要 {self.amount}。"
            "请先充值，或减少金额。",
        )


class MemberTierSet(Event, anytime=True):
    """None is no tier."""

    tier: str | None
