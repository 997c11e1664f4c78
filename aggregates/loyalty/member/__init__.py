"""A member's balance is what the live lots hold less what is owed; no point is spent twice."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar, Self, TypeVar

from aggregates import Aggregate, Unknown, again, repeats
from aggregates.calendar import business_day
from aggregates.loyalty.earning import EarningSettings
from aggregates.loyalty.lots import Lots, LotUse
from aggregates.loyalty.member.deposit import DepositRefused as DepositRefused
from aggregates.loyalty.member.deposit import DepositReversed as DepositReversed
from aggregates.loyalty.member.deposit import DepositSpent as DepositSpent
from aggregates.loyalty.member.deposit import DepositToppedUp as DepositToppedUp
from aggregates.loyalty.member.deposit import MemberTierSet as MemberTierSet
from aggregates.loyalty.member.deposits import Deposits
from aggregates.loyalty.member.earned import opened, same
from aggregates.loyalty.member.events import EarningReversed as EarningReversed
from aggregates.loyalty.member.events import MemberDetailsChanged as MemberDetailsChanged
from aggregates.loyalty.member.events import MemberEnrolled as MemberEnrolled
from aggregates.loyalty.member.events import MemberEvent as MemberEvent
from aggregates.loyalty.member.events import MemberWithdrawn as MemberWithdrawn
from aggregates.loyalty.member.events import PointsEarned as PointsEarned
from aggregates.loyalty.member.events import PointsExpired as PointsExpired
from aggregates.loyalty.member.events import PointsRedeemed as PointsRedeemed
from aggregates.loyalty.member.events import PurchaseReturned as PurchaseReturned
from aggregates.loyalty.member.events import RedemptionForm as RedemptionForm
from aggregates.loyalty.member.events import RedemptionRefused as RedemptionRefused
from aggregates.loyalty.member.events import RedemptionReversed as RedemptionReversed
from aggregates.loyalty.member.refusals import BornDead as BornDead
from aggregates.loyalty.member.refusals import CashBackOfNothing as CashBackOfNothing
from aggregates.loyalty.member.refusals import HasDeposit as HasDeposit
from aggregates.loyalty.member.refusals import HasPurchases as HasPurchases
from aggregates.loyalty.member.refusals import MoneyOfNoCurrency as MoneyOfNoCurrency
from aggregates.loyalty.member.refusals import NotYet as NotYet
from aggregates.loyalty.member.refusals import PartlyReturned as PartlyReturned
from aggregates.loyalty.purchases import BY_DEFAULT, NO_PACKS, Where, amount_of, parts, worth
from aggregates.marks import MemberPoints
from aggregates.packs import Packed

NO_LOTS = Lots()
NO_DEPOSITS = Deposits()
Paid = TypeVar("Paid", DepositToppedUp, DepositSpent)


@dataclass(frozen=True)
class Member(Aggregate):
    kind: ClassVar[str] = "member"

    enrolled: bool = False
    enrolled_at: datetime | None = None  # unless an older build told it
    dealer: str | None = None
    debt: MemberPoints = 0
    changes: int = 0
    lots: Lots = NO_LOTS
    details: str = "enrolled"  # under what name, phone and dealer, as they are now, are recorded
    withdrawn: str | None = None  # the reason, while it lasts
    enrolments: int = 0
    deposits: Deposits = NO_DEPOSITS
    tier: str | None = None

    @property
    def gone(self) -> bool:
        return self.withdrawn is not None

    @property
    def enrolment(self) -> str:
        """Under what the last one is recorded."""
        return MemberEnrolled.under(self.enrolments if self.enrolments > 1 else None)

    def balance(self, at: datetime) -> int:
        """What can be spent at that instant; below zero, more is owed than there is."""
        live = self.lots.live(at, business_day(at)).values()
        return sum(lot.left for lot in live) - self.debt

    def enrol(self, asked: MemberEnrolled, before: MemberEnrolled | None) -> Iterator[MemberEvent]:
        if not repeats(before, asked, but=("revision", "enrolled_at")):
            yield replace(asked, revision=again(self.enrolments))

    def withdraw(self, reason: str) -> Iterator[MemberEvent]:
        """Nothing of others may be built on it: whoever asks has looked."""
        if not self.gone:
            self.known()
        if (standing := self.lots.any_standing()) is not None:
            raise HasPurchases(standing)
        if self.deposits:
            raise HasDeposit()
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
                    raise PartlyReturned(purchase)
                return name
        return None

    def earn(
        self, asked: PointsEarned, before: PointsEarned | None, but: Collection[str] = ()
    ) -> Iterator[MemberEvent]:
        """Give the points of a purchase, unless they were given; its lot gets a name here."""
        self.known()
        if before is not None and same(before, asked, but):
            return
        _in_currency(asked)
        if asked.expires_on is not None and asked.day and asked.expires_on < asked.day:
            raise BornDead(asked.day, asked.expires_on)
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
        if asked.form == "cash_back" and (asked.amount is None or asked.currency is None):
            raise CashBackOfNothing()
        _in_currency(asked)
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

    def top_up(
        self, asked: DepositToppedUp, before: DepositToppedUp | None, but: Collection[str]
    ) -> Iterator[MemberEvent]:
        self.known()
        yield from self.deposits.top_up(self._at_dealer(asked), before, but)

    def spend_deposit(
        self, asked: DepositSpent, before: DepositSpent | None, at: datetime, but: Collection[str]
    ) -> Iterator[MemberEvent]:
        self.known()
        yield from self.deposits.spend(self._at_dealer(asked), before, at, but)

    def _at_dealer(self, asked: Paid) -> Paid:
        return replace(asked, dealer=asked.dealer or self.dealer)

    def set_tier(self, tier: str | None) -> Iterator[MemberEvent]:
        self.known()
        if tier != self.tier:
            yield MemberTierSet(tier)

    def expire(self, on: date, at: datetime) -> Iterator[MemberEvent]:
        """Let what was due before that day go, dealer by dealer."""
        self.known()
        if on > (today := business_day(at)):
            raise NotYet(on, today)
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
        packs: Mapping[str, Packed] = NO_PACKS,
    ) -> Iterator[PurchaseReturned]:
        """Goods come back; those points stay that the rest alone would have earned, by the
        settings of the purchase.
        """
        lot, lines = self.lots[bought.lot], bought.lines or ()
        assert bought.currency is not None, "what was sold has a price"
        assert bought.dealer is not None, "what was sold was sold by somebody"
        back = parts(lines, lot.returned, wanted, packs)
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
                return replace(self, lots=opened(lots, event), debt=debt - settled)
            case MemberEnrolled(dealer=dealer):
                count, under = max(1, event.revision or 0), event.recorded_under()
                born = replace(self, enrolled=True, dealer=dealer, details=under)
                born = replace(born, enrolled_at=event.enrolled_at)
                return replace(born, enrolments=count, withdrawn=None)
            case MemberDetailsChanged(dealer=dealer, number=number):
                told = event.recorded_under()
                return replace(self, dealer=dealer, changes=number, details=told)
            case MemberWithdrawn(reason):
                left = replace(self, enrolled=False, dealer=None, tier=None)
                return replace(left, withdrawn=reason)
            case PointsRedeemed(lots=uses):
                return replace(self, lots=lots.spend(uses))
            case RedemptionRefused():
                return self
            case DepositToppedUp() | DepositSpent() | DepositReversed() | DepositRefused():
                return replace(self, deposits=self.deposits.fold(event))
            case MemberTierSet(tier):
                return replace(self, tier=tier)
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


def _in_currency(asked: PointsEarned | PointsRedeemed) -> None:
    if asked.amount is not None and asked.currency is None:
        raise MoneyOfNoCurrency()
