"""What may be asked about members' deposits and tiers."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from pydantic import Field

from aggregates.loyalty.member import (
    DepositSpent,
    DepositToppedUp,
    Member,
    MemberEvent,
)
from commands import Amount, Command, Currency, Decision, Id, Load, registers

Paid = Annotated[Amount, Field(gt=0)]
AT = Field(None, description="The member's own, unless told otherwise.")


class TopUpDeposit(Command, of=Member):
    """Record that a member paid money in ahead."""

    top_up: Id = Field(description="Its number; a member tops up once under each.")
    amount: Paid
    currency: Currency
    dealer: Id | None = AT

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Member = load(Member, self.id)
        before = load.event(Member, self.id, DepositToppedUp.under(self.top_up))
        asked = DepositToppedUp(self.top_up, self.currency, self.amount, self.dealer)
        untold = () if self.dealer else ("dealer",)
        for event in state.top_up(asked, before, untold):
            registers.dealer(load, self.dealer)
            yield self.stream, event


class SpendDeposit(Command, of=Member, when=lambda member: any(member.deposits.values())):
    """Let a member pay from the deposit; what it does not have is refused, and that is recorded."""

    spend: Id = Field(description="Its number, such as that of the receipt.")
    amount: Paid
    currency: Currency
    dealer: Id | None = AT

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Member = load(Member, self.id)
        before = load.event(Member, self.id, DepositSpent.under(self.spend))
        asked = DepositSpent(self.spend, self.currency, self.amount, self.dealer)
        untold = () if self.dealer else ("dealer",)
        for event in state.spend_deposit(asked, before, untold):
            registers.dealer(load, self.dealer)
            yield self.stream, event


class SetMemberTier(Command, of=Member):
    """Put a member into a tier, such as gold; null takes it back."""

    tier: Id | None

    def decide(self, state: Member, at: datetime) -> Iterator[MemberEvent]:
        return state.set_tier(self.tier)
