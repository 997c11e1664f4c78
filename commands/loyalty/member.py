"""What may be asked about members and their points."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field

from aggregates import Personal
from aggregates.calendar import business_day
from aggregates.loyalty.member import (
    Member,
    MemberDetailsChanged,
    MemberEnrolled,
    MemberEvent,
    PointsRedeemed,
    RedemptionForm,
    RedemptionReversed,
)
from aggregates.loyalty.numbers import MemberNumbers
from aggregates.marks import Marker
from commands import (
    Alone,
    Amount,
    Command,
    Currency,
    Day,
    Decision,
    Id,
    Load,
    Text,
    Whole,
    registers,
)
from commands.change import Change
from commands.loyalty.enrolled import on_that_day
from commands.numbers import Numbered
from commands.withdrawal import Withdrawal

DETAILS = "name", "phone", "dealer"
Points = Annotated[Whole, Field(gt=0, le=10**12), Marker(unit="points", adds_up=True)]


class EnrolMember(Numbered, of=Member):
    """Enrol a member in a program, at a dealer if a dealer won him."""

    numbers = MemberNumbers

    name: Personal[Text] | None = None
    phone: Personal[Text] | None = None
    dealer: Id | None = None
    program: Id = "standard"

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Member = load(Member, self.id)
        before = load.event(Member, self.id, state.enrolment) if not state.gone else None
        what = self.name, self.phone, self.dealer, self.program
        asked = MemberEnrolled(*what, enrolled_at=at)
        for event in state.enrol(asked, before):
            registers.dealer(load, self.dealer)
            yield self.stream, event


class ChangeMemberDetails(Change, of=Member):
    """Correct a member's name, phone or dealer: what is left out stays, null clears it.

    Points that were earned before stay with the dealer that they were earned at.
    """

    name: Personal[Text] | None = None
    phone: Personal[Text] | None = None
    dealer: Id | None = None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Member = load(Member, self.id)
        state.known()
        now = load.event(Member, self.id, state.details)
        if now is None:  # the log has not been asked yet: this will be decided again
            return
        details = {name: getattr(now, name) for name in DETAILS} | self.told(*DETAILS)
        for event in state.change(MemberDetailsChanged(**details, number=state.changes + 1), now):
            registers.dealer(load, self.dealer)
            yield self.stream, event


def _owes_nothing(member: Member) -> bool:
    return member.lots.any_standing() is None and not member.deposits


class WithdrawMember(Withdrawal, of=Member, when=_owes_nothing):
    """Take back a member who was enrolled by mistake, and has bought nothing yet.

    He is in no list unless asked for, and the id may be enrolled anew. Asked again with another
    reason, it corrects the reason.
    """


class RedeemPoints(Command, of=Member):
    """Spend points on a gift or a cash-back, soonest expiry first."""

    @classmethod
    def possible(cls, load: Load, id: str, at: datetime) -> bool:
        state: Member = load(Member, id)
        return super().possible(load, id, at) and state.balance(at) > 0

    redemption: Id = Field(description="Its number; a member redeems once under each.")
    form: RedemptionForm
    points: Points
    reward: Text | None = None
    amount: Amount | None = None
    currency: Currency | None = None
    dealer: Id | None = Field(None, description="The member's own, unless told otherwise.")

    def follows(self, load: Load) -> datetime | None:
        state: Member = load(Member, self.id)
        return on_that_day(self, (lot.earned_at for lot in state.lots.full.values()))

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Member = load(Member, self.id)
        before = load.event(Member, self.id, PointsRedeemed.under(self.redemption))
        what = self.reward, self.amount, self.currency, self.dealer
        asked = PointsRedeemed(self.redemption, self.form, self.points, (), *what)
        untold = () if self.dealer else ("dealer",)
        for event in state.redeem(asked, before, at, untold):
            registers.dealer(load, self.dealer)
            yield self.stream, event


class ReverseRedemption(Command, of=Member, when=lambda member: member.lots.any_spent):
    """Give the points of a redemption back to the lots they came from."""

    redemption: Id

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: Member = load(Member, self.id)
        if load.event(Member, self.id, RedemptionReversed.under(self.redemption)) is None:
            before = load.event(Member, self.id, PointsRedeemed.under(self.redemption))
            for event in state.reverse_redemption(self.redemption, before):
                yield self.stream, event


class ExpirePoints(Command, of=Member):
    """Let the points go whose last day was before that day."""

    alone: ClassVar[Alone | None] = "process"

    @classmethod
    def possible(cls, load: Load, id: str, at: datetime) -> bool:
        state: Member = load(Member, id)
        return super().possible(load, id, at) and bool(state.lots.dead(at, business_day(at)))

    on: Day | None = Field(None, description="Today, unless told otherwise.")

    def decide(self, state: Member, at: datetime) -> Iterator[MemberEvent]:
        return state.expire(self.on or business_day(at), at)
