"""A member's balance is what the live lots hold less what is owed; no point is spent twice."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import ClassVar, Literal, Self

from aggregates import Aggregate, Event, Personal, Refused, Unknown, imprint

RedemptionForm = Literal["gift", "cash_back"]


@dataclass(frozen=True)
class LotUse:
    """So many points of one lot: taken, given back or expired."""

    lot: str
    points: int


class MemberEnrolled(Event, anytime=True):
    name: Personal[str] | None
    phone: Personal[str] | None
    dealer: str | None
    program: str


class PointsEarned(Event, anytime=True):
    """A purchase opens a lot; `settled` of its points pay a debt at once."""

    lot: str
    points: int
    purchase: str
    dealer: str | None
    amount: int | None
    currency: str | None
    expires_on: date | None
    settled: int


class PointsRedeemed(Event):
    redemption: str
    form: RedemptionForm
    points: int
    lots: tuple[LotUse, ...]
    reward: str | None
    amount: int | None
    currency: str | None
    dealer: str | None


class RedemptionRefused(Event):
    refusal: ClassVar[bool] = True
    redemption: str
    points: int
    balance: int

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
    points: int
    lots: tuple[LotUse, ...]
    dealer: str | None
    settled: int


class PointsExpired(Event):
    on: date
    points: int
    lots: tuple[LotUse, ...]
    dealer: str | None


class EarningReversed(Event):
    """`points` were taken from the lot; `debt` had been spent and is owed."""

    purchase: str
    lot: str
    points: int
    debt: int
    reason: str
    dealer: str | None


MemberEvent = (
    MemberEnrolled
    | PointsEarned
    | PointsRedeemed
    | RedemptionRefused
    | RedemptionReversed
    | PointsExpired
    | EarningReversed
)


class MemberTaken(Refused):
    """The id belongs to a member enrolled with other details."""


class PurchaseTaken(Refused):
    """A purchase earns once."""


class RedemptionTaken(Refused):
    """A redemption has one content."""


class NotYet(Refused):
    """Points live through their last day."""


@dataclass(frozen=True)
class Lot:
    points: int
    left: int
    spent: int
    expires_on: date | None
    dealer: str | None
    reversed: bool = False

    def live(self, on: date) -> bool:
        return self.left > 0 and (self.expires_on is None or self.expires_on >= on)


@dataclass(frozen=True)
class Redemption:
    points: int
    lots: tuple[LotUse, ...]
    dealer: str | None
    reversed: bool = False


@dataclass(frozen=True)
class Member(Aggregate):
    kind: ClassVar[str] = "member"

    enrolled: str = ""  # imprint of the enrolment
    dealer: str | None = None
    debt: int = 0
    lots: Mapping[str, Lot] = field(default_factory=dict)  # by purchase, oldest first
    redemptions: Mapping[str, Redemption] = field(default_factory=dict)

    def balance(self, on: date) -> int:
        """What can be spent on that day; below zero, more is owed than there is."""
        return sum(lot.left for lot in self.lots.values() if lot.live(on)) - self.debt

    def enrol(self, member: MemberEnrolled) -> Iterator[MemberEvent]:
        if not self.enrolled:
            yield member
        elif self.enrolled != imprint(member):
            raise MemberTaken(
                "This id belongs to another member. Choose another id.",
                "此编号属于另一位会员。请换一个编号。",
            )

    def earn(
        self,
        purchase: str,
        points: int,
        dealer: str | None,
        amount: int | None,
        currency: str | None,
        expires_on: date | None,
    ) -> Iterator[MemberEvent]:
        self.known()
        if (before := self.lots.get(purchase)) is None:
            settled, dealer = min(points, self.debt), dealer or self.dealer
            yield PointsEarned(
                purchase, points, purchase, dealer, amount, currency, expires_on, settled
            )
        elif before.points != points:
            raise PurchaseTaken(
                f"{purchase} earned {before.points} before. Reverse it first.",
                f"{purchase} 已获得 {before.points} 积分。请先冲销。",
            )

    def redeem(
        self,
        redemption: str,
        form: RedemptionForm,
        points: int,
        on: date,
        reward: str | None = None,
        amount: int | None = None,
        currency: str | None = None,
        dealer: str | None = None,
    ) -> Iterator[MemberEvent]:
        self.known()
        if before := self.redemptions.get(redemption):
            if before.points != points:
                raise RedemptionTaken(
                    f"{redemption} took {before.points}. Choose another id.",
                    f"{redemption} 已扣减 {before.points} 积分。请换一个编号。",
                )
        elif points > (balance := self.balance(on)):
            yield RedemptionRefused(redemption, points, balance)
        else:
            lots, dealer = self._take(points, on), dealer or self.dealer
            yield PointsRedeemed(redemption, form, points, lots, reward, amount, currency, dealer)

    def reverse_redemption(self, redemption: str) -> Iterator[MemberEvent]:
        self.known()
        if (before := self.redemptions.get(redemption)) is None:
            raise Unknown(
                f"There is no redemption {redemption}. Check its id.",
                f"没有兑换 {redemption}。请检查其编号。",
            )
        if before.reversed:
            return
        settled = owed = min(before.points, self.debt)
        back = []
        for use in before.lots:  # a debt takes what expires soonest
            kept, owed = max(use.points - owed, 0), max(owed - use.points, 0)
            back += [LotUse(use.lot, kept)] if kept else []
        yield RedemptionReversed(redemption, before.points, tuple(back), before.dealer, settled)

    def expire(self, on: date, today: date) -> Iterator[MemberEvent]:
        """Let what was due before that day go, dealer by dealer."""
        self.known()
        if on > today:
            raise NotYet(
                f"{on} has not come. Expire points up to {today}.",
                f"{on} 还未到。请使截至 {today} 的积分过期。",
            )
        dead = {name: lot for name, lot in self.lots.items() if lot.left > 0 and not lot.live(on)}
        for dealer in dict.fromkeys(lot.dealer for lot in dead.values()):
            uses = tuple(LotUse(n, lot.left) for n, lot in dead.items() if lot.dealer == dealer)
            yield PointsExpired(on, sum(use.points for use in uses), uses, dealer)

    def reverse_earning(self, purchase: str, reason: str) -> Iterator[MemberEvent]:
        """Take back what is left of it; what was spent becomes a debt."""
        self.known()
        if (lot := self.lots.get(purchase)) is None:
            raise Unknown(
                f"Purchase {purchase} earned nothing. Check its id.",
                f"消费 {purchase} 没有获得积分。请检查其编号。",
            )
        if not lot.reversed:
            yield EarningReversed(purchase, purchase, lot.left, lot.spent, reason, lot.dealer)

    def known(self) -> None:
        if not self.enrolled:
            raise Unknown(
                "There is no such member. Enrol the member first.", "没有这位会员。请先办理入会。"
            )

    def _take(self, points: int, on: date) -> tuple[LotUse, ...]:
        """Soonest expiry first, undated last, then the oldest."""
        live = [(name, lot) for name, lot in self.lots.items() if lot.live(on)]
        taken = []
        for name, lot in sorted(live, key=lambda each: each[1].expires_on or date.max):
            if points:
                taken.append(LotUse(name, min(points, lot.left)))
                points -= taken[-1].points
        return tuple(taken)

    def evolve(self, event: MemberEvent) -> Self:
        match event:
            case MemberEnrolled(dealer=dealer):
                return replace(self, enrolled=imprint(event), dealer=dealer)
            case PointsEarned(lot, points, settled=settled):
                opened = Lot(points, points - settled, settled, event.expires_on, event.dealer)
                return replace(self, lots={**self.lots, lot: opened}, debt=self.debt - settled)
            case PointsRedeemed(name, _, points, lots):
                redemption = Redemption(points, lots, event.dealer)
                redemptions = {**self.redemptions, name: redemption}
                return replace(self, lots=self._spent(lots, 1), redemptions=redemptions)
            case RedemptionRefused():
                return self
            case RedemptionReversed(name, _, lots):
                redemption = replace(self.redemptions[name], reversed=True)
                redemptions = {**self.redemptions, name: redemption}
                debt = self.debt - event.settled
                return replace(self, lots=self._spent(lots, -1), redemptions=redemptions, debt=debt)
            case PointsExpired(lots=lots):
                gone = {use.lot: replace(self.lots[use.lot], left=0) for use in lots}
                return replace(self, lots={**self.lots, **gone})
            case EarningReversed(_, lot, _, debt):
                void = replace(self.lots[lot], left=0, reversed=True)
                return replace(self, lots={**self.lots, lot: void}, debt=self.debt + debt)

    def _spent(self, uses: tuple[LotUse, ...], sign: int) -> Mapping[str, Lot]:
        lots = dict(self.lots)
        for use in uses:
            lot, points = lots[use.lot], sign * use.points
            lots[use.lot] = replace(lot, left=lot.left - points, spent=lot.spent + points)
        return lots
