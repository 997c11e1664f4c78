"""What may be asked about members' deposits and tiers."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from pydantic import Field

from aggregates import Event, Refused
from aggregates.loyalty.member import (
    DepositReversed,
    DepositSpent,
    DepositToppedUp,
    Member,
)
from aggregates.loyalty.member.deposit import DepositEntry
from commands import Amount, Command, Currency, Decision, Id, Load, Text, registers
from commands.loyalty.enrolled import on_that_day, since_enrolled
from commands.taken_back import is_taken_back, refuse_taken_back

Paid = Annotated[Amount, Field(gt=0)]
AT = Field(None, description="The member's own, unless told otherwise.")


class TopUpOrSpend(Refused):
    """What is taken back is one entry of a deposit."""


class TopUpDeposit(Command, of=Member):
    """Record that a member paid money in ahead."""

    top_up: Id = Field(description="Its number; a member tops up once under each.")
    amount: Paid
    currency: Currency
    dealer: Id | None = AT

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Member = load(Member, self.id)
        before = load.event(Member, self.id, DepositToppedUp.under(self.top_up))
        asked = DepositToppedUp(self.top_up, self.currency, self.amount, self.dealer, at)
        untold = () if self.dealer else ("dealer",)
        undoing = DepositReversed.under("top_up", self.top_up)
        refuse_taken_back(load, Member, self.id, undoing, self.top_up)
        for event in since_enrolled(self, state, at, state.top_up(asked, before, untold)):
            registers.dealer(load, self.dealer)
            yield self.stream, event


class SpendDeposit(Command, of=Member, when=lambda member: bool(member.deposits)):
    """Let a member pay from the deposit; what it does not have is refused, and that is recorded."""

    spend: Id = Field(description="Its number, such as that of the receipt.")
    amount: Paid
    currency: Currency
    dealer: Id | None = AT

    def follows(self, load: Load) -> datetime | None:
        state: Member = load(Member, self.id)
        return on_that_day(self, state.deposits.instants(self.currency))

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Member = load(Member, self.id)
        before = load.event(Member, self.id, DepositSpent.under(self.spend))
        asked = DepositSpent(self.spend, self.currency, self.amount, self.dealer, at)
        untold = () if self.dealer else ("dealer",)
        undoing = DepositReversed.under("spend", self.spend)
        refuse_taken_back(load, Member, self.id, undoing, self.spend)
        for event in state.spend_deposit(asked, before, at, untold):
            registers.dealer(load, self.dealer)
            yield self.stream, event


class ReverseDeposit(Command, of=Member):
    """Take back what was topped up or spent by mistake."""

    top_up: Id | None = None
    spend: Id | None = None
    reason: Text

    def follows(self, load: Load) -> datetime | None:
        """When it was paid."""
        before = self._before(load)
        return None if before is None else before.paid_at

    def _before(self, load: Load) -> DepositToppedUp | DepositSpent | None:
        kind = DepositSpent if self.top_up is None else DepositToppedUp
        found: DepositToppedUp | DepositSpent | None = load.event(
            Member, self.id, kind.under(str(self.top_up or self.spend))
        )
        return found

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        if (self.top_up is None) == (self.spend is None):
            raise TopUpOrSpend(
                "One entry is taken back at a time. Give top_up or spend.",
                "一次只能撤销一笔充值或一笔消费。请填写 top_up 或 spend。",
            )
        entry: DepositEntry = "spend" if self.top_up is None else "top_up"
        number = str(self.top_up or self.spend)
        undoing = DepositReversed.under(entry, number)
        if is_taken_back(load, Member, self.id, undoing, self.reason):
            return
        before = self._before(load)
        state: Member = load(Member, self.id)
        state.known()
        for event in state.deposits.reverse(entry, number, before, self.reason, at):
            yield from self.in_order(event, at, load)


class SetMemberTier(Command, of=Member):
    """Put a member into a tier, such as gold; null takes it back."""

    tier: Id | None

    def decide(self, state: Member, at: datetime) -> Iterator[Event]:
        return since_enrolled(self, state, at, state.set_tier(self.tier))
