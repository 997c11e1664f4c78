"""A member's balance is what the live lots hold less what is owed; no point is spent twice."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar, Literal, Self

from aggregates import Aggregate, Event, Personal, Refused, Unknown, again, anew, repeats, taken
from aggregates.calendar import business_day
from aggregates.loyalty.earning import EarningSettings
from aggregates.loyalty.lots import Lot, Lots, LotUse
from aggregates.loyalty.purchases import (
    BY_DEFAULT,
    Purchased,
    Where,
    amount_of,
    differing,
    parts,
    worth,
)
from aggregates.marks import MemberPoints, Money

RedemptionForm = Literal["gift", "cash_back"]


class MemberEnrolled(Event, anytime=True):
    name: Personal[str] | None
    phone: Personal[str] | None
    dealer: str | None
    program: str
    revision: int | None = None

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
)


class NotYet(Refused):
    """Points live through their last day."""


class BornDead(Refused):
    """Points that are earned can be spent."""


class HasPurchases(Refused):
    """Who has bought something stays a member."""


class PartlyReturned(Refused):
    """Points are given anew for all of a purchase, or for none of it."""


NO_LOTS = Lots()


@dataclass(frozen=True)
class Member(Aggregate):
    kind: ClassVar[str] = "member"

    enrolled: bool = False
    dealer: str | None = None
    debt: MemberPoints = 0
    changes: int = 0
    lots: Lots = NO_LOTS
    details: str = "enrolled"  # under what name, phone and dealer, as they are now, are recorded
    withdrawn: str | None = None  # the reason, while it lasts
    enrolments: int = 0

    @property
    def gone(self) -> bool:
        return self.withdrawn is not None

    def balance(self, at: datetime) -> int:
        """What can be spent at that instant; below zero, more is owed than there is."""
        live = self.lots.live(at, business_day(at)).values()
        return sum(lot.left for lot in live) - self.debt

    def enrol(self, asked: MemberEnrolled, before: MemberEnrolled | None) -> Iterator[MemberEvent]:
        if not repeats(before, asked, but=("revision",)):
            yield replace(asked, revision=again(self.enrolments))

    def withdraw(self, reason: str) -> Iterator[MemberEvent]:
        """Nothing of others may be built on it: whoever asks has looked."""
        if not self.gone:
            self.known()
        if (standing := self.lots.any_standing()) is not None:
            raise HasPurchases(
                f"Points stand for the purchase {standing}. Take its points back first.",
                f"消费 {standing} 的积分仍有效。请先收回其积分。",
            )
        if self.withdrawn != reason:
            yield MemberWithdrawn(reason)

    def change(
        self, asked: MemberDetailsChanged, now: MemberEnrolled | MemberDetailsChanged
    ) -> Iterator[MemberEvent]:
        if (asked.name, asked.phone, asked.dealer) != (now.name, now.phone, now.dealer):
            yield asked

    def standing(self, purchase: str, where: Where) -> str | None:
        """The lot of that very purchase, where its points were not taken back."""
        self.known()
        return self.lots.standing(purchase, where, self.dealer)

    def sale_standing(self, purchase: str, where: Where) -> str | None:
        """The lot of that very purchase whose points were taken back, but whose goods stay sold."""
        for name, lot in self.lots.named(purchase):
            if lot.reversed and lot.sale and (lot.dealer, lot.day, lot.till) == where:
                if lot.returned:
                    raise PartlyReturned(
                        f"Part of {purchase} came back. Return the rest, and record what was kept"
                        " as a purchase of its own.",
                        f"{purchase} 已部分退货。请退回其余部分，"
                        "并将留下的商品另行记录为一笔消费。",
                    )
                return name
        return None

    def earn(
        self, asked: PointsEarned, before: PointsEarned | None, but: Collection[str] = ()
    ) -> Iterator[MemberEvent]:
        """Give the points of a purchase, unless they were given; its lot gets a name here."""
        self.known()
        if before is not None and _same(before, asked, but):
            return
        if asked.expires_on is not None and asked.day and asked.expires_on < asked.day:
            raise BornDead(
                f"Points of {asked.day} cannot end on {asked.expires_on}, before they are earned."
                " Give a later last day.",
                f"{asked.day} 获得的积分不能在获得之前的 {asked.expires_on} 到期。"
                "请给出更晚的到期日。",
            )
        lot, settled = self.lots.new_name(asked.purchase), min(asked.points, self.debt)
        yield replace(asked, lot=lot, settled=settled, dealer=asked.dealer or self.dealer)

    def redeem(
        self,
        asked: PointsRedeemed,
        before: PointsRedeemed | None,
        at: datetime,
        but: Collection[str] = (),
    ) -> Iterator[MemberEvent]:
        """Spend points that were earned by then; which lots give them is decided here."""
        self.known()
        if repeats(before, asked, but={"lots", *but}):
            return
        if asked.points > (balance := self.balance(at)):
            yield RedemptionRefused(asked.redemption, asked.points, balance)
        else:
            lots = self.lots.take(asked.points, at, business_day(at))
            yield replace(asked, lots=lots, dealer=asked.dealer or self.dealer)

    def reverse_redemption(
        self, redemption: str, before: PointsRedeemed | None
    ) -> Iterator[MemberEvent]:
        self.known()
        if before is None:
            raise Unknown(
                f"There is no redemption {redemption}. Check its id.",
                f"没有兑换 {redemption}。请检查其编号。",
            )
        settled = owed = min(before.points, self.debt)
        back = []
        for use in before.lots:  # a debt takes what expires soonest
            kept, owed = max(use.points - owed, 0), max(owed - use.points, 0)
            back += [LotUse(use.lot, kept)] if kept else []
        yield RedemptionReversed(redemption, before.points, tuple(back), before.dealer, settled)

    def expire(self, on: date, at: datetime) -> Iterator[MemberEvent]:
        """Let what was due before that day go, dealer by dealer."""
        self.known()
        if on > (today := business_day(at)):
            raise NotYet(
                f"{on} has not come. Expire points up to {today}.",
                f"{on} 还未到。请使截至 {today} 的积分过期。",
            )
        dead = self.lots.dead(at, on)
        for dealer in dict.fromkeys(lot.dealer for lot in dead.values()):
            uses = tuple(LotUse(n, lot.left) for n, lot in dead.items() if lot.dealer == dealer)
            yield PointsExpired(on, sum(use.points for use in uses), uses, dealer)

    def to_reverse(self, purchase: str, where: Where) -> str | None:
        """The lot whose points are to be taken back; None where all of that number were."""
        self.known()
        found = self.lots.meant(purchase, where)
        stand = [name for name in found if not self.lots[name].reversed]
        return self.lots.only(purchase, stand) if stand else None

    def reverse_earning(self, purchase: str, name: str, reason: str) -> Iterator[MemberEvent]:
        """Take back what is left of it; what was spent becomes a debt."""
        lot = self.lots[name]
        points, debt = lot.due(lot.points - lot.taken)
        yield EarningReversed(purchase, name, points, debt, reason, lot.dealer)

    def to_return(self, purchase: str, where: Where) -> str:
        """The lot of the purchase of which goods are to come back."""
        self.known()
        sold = [n for n in self.lots.meant(purchase, where) if self.lots[n].sale is not None]
        if not sold:
            raise Unknown(
                f"Nothing of purchase {purchase} can come back: its lines were never told, or all"
                " of it came back. Reverse the earning of its points instead.",
                f"消费 {purchase} 没有可退的商品：未记录明细，或已全部退回。请改为冲销其积分。",
            )
        return self.lots.only(purchase, sold)

    def take_back(
        self,
        bought: PointsEarned,
        return_id: str,
        wanted: Mapping[str, int] | None,
        reason: str | None,
        earning: EarningSettings = BY_DEFAULT,
    ) -> Iterator[PurchaseReturned]:
        """Goods come back; those points stay that the rest alone would have earned, by the
        settings of the purchase.
        """
        lot, lines = self.lots[bought.lot], bought.lines or ()
        assert bought.currency is not None, "what was sold has a price"
        assert bought.dealer is not None, "what was sold was sold by somebody"
        back = parts(lines, lot.returned, wanted)
        amount = sum(line.amount for line in back)
        rest = (bought.amount or 0) - amount_of(lines, lot.returned) - amount
        kept = min(lot.points, worth(rest, bought.currency, earning))
        points, debt = lot.due(0 if lot.reversed else lot.points - kept - lot.taken)
        left = sum(line.quantity for line in lines) - sum(lot.returned.values())
        yield PurchaseReturned(
            bought.purchase,
            bought.lot,
            return_id,
            back,
            amount,
            bought.currency,
            points,
            debt,
            bought.dealer,
            reason,
            whole=sum(line.quantity for line in back) == left,
        )

    def known(self) -> None:
        if not self.enrolled:
            raise Unknown(
                "There is no such member. Enrol the member first.", "没有这位会员。请先办理入会。"
            )

    @property
    def dimensions(self) -> Mapping[str, str]:
        return {"dealer": self.dealer or ""}

    def evolve(self, event: MemberEvent) -> Self:
        lots, debt = self.lots, self.debt
        match event:
            case PointsEarned(settled=settled):
                return replace(self, lots=_opened(lots, event), debt=debt - settled)
            case MemberEnrolled(dealer=dealer):
                count, under = max(1, event.revision or 0), event.recorded_under()
                born = replace(self, enrolled=True, dealer=dealer, details=under)
                return replace(born, enrolments=count, withdrawn=None)
            case MemberDetailsChanged(dealer=dealer, number=number):
                told = event.recorded_under()
                return replace(self, dealer=dealer, changes=number, details=told)
            case MemberWithdrawn(reason):
                return replace(self, enrolled=False, dealer=None, withdrawn=reason)
            case PointsRedeemed(lots=uses):
                return replace(self, lots=lots.spend(uses))
            case RedemptionRefused():
                return self
            case RedemptionReversed(lots=uses, settled=settled):
                return replace(self, lots=lots.spend(uses, -1), debt=debt - settled)
            case PointsExpired(lots=uses):
                gone = {use.lot: replace(lots[use.lot], left=0) for use in uses}
                return replace(self, lots=lots.put(gone))
            case EarningReversed(lot=name, points=points, debt=owed):
                void = lots[name].void(points, owed)
                return replace(self, lots=lots.put({name: void}), debt=debt + owed)
            case PurchaseReturned(lot=name, points=points, debt=owed):
                back = lots[name].back(event.lines, points, owed, whole=event.whole)
                return replace(self, lots=lots.put({name: back}), debt=debt + owed)


def _opened(lots: Lots, event: PointsEarned) -> Lots:
    lot = Lot(
        event.points,
        event.points - event.settled,
        event.settled,
        event.expires_on,
        event.dealer,
        day=event.day,
        till=event.till,
        sale=event.sale,
    )
    if event.earned_at is not None:
        lot = replace(lot, earned_at=event.earned_at)
    return lots.put({**_without_sale(lots, event), event.lot: lot})


def _without_sale(lots: Lots, event: PointsEarned) -> dict[str, Lot]:
    """Where points are given anew, the sale is of the new lot alone."""
    if event.sale is None or event.lot == event.purchase:
        return {}
    before = lots.named(event.purchase)
    return {name: replace(lot, sale=None) for name, lot in before if lot.sale == event.sale}


def _same(before: PointsEarned, asked: PointsEarned, but: Collection[str]) -> bool:
    """Whether it is the purchase that was recorded; where that was told otherwise, it raises.

    A purchase of an older build does not know its day: told otherwise, it is another of its number.
    """
    if before.day is None:
        unknown = "day", "till", "earned_at", "lines", "sale", "lot", "settled", *but
        return replace(asked, **{name: getattr(before, name) for name in unknown}) == before
    if unequal := [*differing(before.lines, asked.lines)]:
        raise taken(unequal)
    return repeats(before, asked, but={"lot", "settled", "lines", "sale", *but})
