"""What may happen to a member."""

from datetime import date, datetime
from typing import ClassVar, Literal

from aggregates import Event, Personal, anew
from aggregates.loyalty.lots import LotUse
from aggregates.loyalty.member.deposit import (
    DepositRefused,
    DepositReversed,
    DepositSpent,
    DepositToppedUp,
    MemberTierSet,
)
from aggregates.loyalty.purchases import Purchased
from aggregates.marks import MemberPoints, Money

RedemptionForm = Literal["gift", "cash_back"]


class MemberEnrolled(Event, anytime=True):
    name: Personal[str] | None
    phone: Personal[str] | None
    dealer: str | None
    program: str
    revision: int | None = None
    enrolled_at: datetime | None = None

    @staticmethod
    def under(revision: int | None = None) -> str:
        """The first enrolment, or one after it was withdrawn."""
        return anew("enrolled", revision)

    def recorded_under(self) -> str:
        return self.under(self.revision)


class MemberDetailsChanged(Event, anytime=True):
    """The details as they are from then on, all of them; it is the member's correction `number`."""

    name: Personal[str] | None
    phone: Personal[str] | None
    dealer: str | None
    number: int

    @staticmethod
    def under(number: int) -> str:
        return f"changed {number}"

    def recorded_under(self) -> str:
        return self.under(self.number)


class PointsEarned(Event, anytime=True):
    """A purchase opens a lot; `settled` of its points pay a debt at once.

    A purchase is told from others by its dealer, business day, till and number; the lot's name is
    the number, and more where the member has several of that number. `sale` is what the dealer's
    stocks call it, where its lines were told. `settings` is the version that its points or their
    last day follow from; none are the defaults.
    """

    lot: str
    points: MemberPoints
    purchase: str
    dealer: str | None
    amount: Money | None
    currency: str | None
    expires_on: date | None
    settled: MemberPoints
    day: date | None = None
    till: str | None = None
    earned_at: datetime | None = None
    lines: tuple[Purchased, ...] | None = None
    sale: str | None = None
    settings: str | None = None

    @staticmethod
    def under(lot: str) -> str:
        return f"earned {lot}"

    def recorded_under(self) -> str:
        return self.under(self.lot)


class PointsRedeemed(Event):
    redemption: str
    form: RedemptionForm
    points: MemberPoints
    lots: tuple[LotUse, ...]
    reward: str | None
    amount: Money | None
    currency: str | None
    dealer: str | None

    @staticmethod
    def under(redemption: str) -> str:
        return f"redeemed {redemption}"

    def recorded_under(self) -> str:
        return self.under(self.redemption)


class RedemptionRefused(Event, anytime=True):
    refusal: ClassVar[bool] = True
    redemption: str
    points: MemberPoints
    balance: MemberPoints

    def said(self) -> tuple[str, str]:
        missing = self.points - self.balance
        return (
            f"{self.redemption} needs {self.points} points, and {self.balance} are there:"
            f" {missing} are missing. Redeem fewer, or once more are earned.",
            f"{self.redemption} 需要 {self.points} 积分，现有 {self.balance}，还差 {missing}。"
            "请减少兑换积分，或在积分足够后再兑换。",
        )


class RedemptionReversed(Event):
    """Points go back to their lots with their old dates, less what pays a debt."""

    redemption: str
    points: MemberPoints
    lots: tuple[LotUse, ...]
    dealer: str | None
    settled: MemberPoints

    @staticmethod
    def under(redemption: str) -> str:
        return f"redemption reversed {redemption}"

    def recorded_under(self) -> str:
        return self.under(self.redemption)


class PointsExpired(Event):
    on: date
    points: MemberPoints
    lots: tuple[LotUse, ...]
    dealer: str | None


class EarningReversed(Event):
    """`points` were taken from the lot; `debt` had been spent and is owed."""

    purchase: str
    lot: str
    points: MemberPoints
    debt: MemberPoints
    reason: str
    dealer: str | None

    @staticmethod
    def under(lot: str) -> str:
        return f"earning reversed {lot}"

    def recorded_under(self) -> str:
        return self.under(self.lot)


class PurchaseReturned(Event):
    """Goods of a purchase came back: `points` were taken from its lot, `debt` is owed.

    `whole` says that nothing of the purchase is left.
    """

    purchase: str
    lot: str
    return_id: str
    lines: tuple[Purchased, ...]
    amount: Money
    currency: str
    points: MemberPoints
    debt: MemberPoints
    dealer: str
    reason: str | None
    whole: bool

    @staticmethod
    def under(lot: str, return_id: str) -> str:
        return f"returned {lot} {return_id}"

    def recorded_under(self) -> str:
        return self.under(self.lot, self.return_id)


class MemberWithdrawn(Event, anytime=True):
    """Enrolled by mistake. Once more with another reason, it corrects the reason."""

    reason: str


MemberEvent = (
    MemberEnrolled
    | MemberDetailsChanged
    | PointsEarned
    | PointsRedeemed
    | RedemptionRefused
    | RedemptionReversed
    | PointsExpired
    | EarningReversed
    | PurchaseReturned
    | MemberWithdrawn
    | DepositToppedUp
    | DepositSpent
    | DepositReversed
    | DepositRefused
    | MemberTierSet
)
