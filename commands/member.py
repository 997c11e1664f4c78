"""What may be asked about members, their purchases and their points."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from aggregates import Aggregate, Refused, currency
from aggregates.bounds import within
from aggregates.calendar import business_day
from aggregates.customer import Customer
from aggregates.lines import by_item
from aggregates.member import Member, MemberEnrolled, MemberEvent, RedemptionForm
from aggregates.stock import Stock
from commands import Amount, Command, Currency, Day, Decision, Id, Load, Quantity, Text, Whole
from commands.stock import whose

Points = Annotated[Whole, Field(gt=0, le=10**12)]


class NothingEarned(Refused):
    """Points come from somewhere."""


class EnrolMember(Command, of=Member):
    """Enrol a member in a program, at a dealer if a dealer won him."""

    name: Text | None = None
    phone: Text | None = None
    dealer: Id | None = None
    program: Id = "standard"

    def decide(self, state: Member, at: datetime) -> Iterator[MemberEvent]:
        return state.enrol(MemberEnrolled(self.name, self.phone, self.dealer, self.program))


class EarnPoints(Command, of=Member):
    """Credit the points of a purchase: as told, or one for each whole yuan, dollar or yen."""

    purchase: Id
    points: Points | None = None
    amount: Amount | None = None
    currency: Currency | None = None
    dealer: Id | None = None
    expires_on: Day | None = Field(
        None, description="The last day of the next year, unless told otherwise."
    )

    def decide(self, state: Member, at: datetime) -> Iterator[MemberEvent]:
        points = self.points if self.points is not None else self._worth()
        money = self.amount, self.currency
        expires_on = self.expires_on or last_day(at)
        return state.earn(self.purchase, points, self.dealer, *money, expires_on)

    def _worth(self) -> int:
        if self.amount is None:
            raise NothingEarned(
                "Give the points or the amount of the purchase.", "请给出积分或消费金额。"
            )
        if self.currency is None:
            raise NothingEarned(
                "Give the currency of the amount, such as CNY.", "请给出金额的币种，例如 CNY。"
            )
        return earned(self.amount, self.currency)


class RedeemPoints(Command, of=Member):
    """Spend points on a gift or a cash-back, soonest expiry first."""

    redemption: Id
    form: RedemptionForm
    points: Points
    reward: Text | None = None
    amount: Amount | None = None
    currency: Currency | None = None
    dealer: Id | None = None

    def decide(self, state: Member, at: datetime) -> Iterator[MemberEvent]:
        what = self.reward, self.amount, self.currency, self.dealer
        return state.redeem(self.redemption, self.form, self.points, business_day(at), *what)


class ReverseRedemption(Command, of=Member):
    """Give the points of a redemption back to the lots they came from."""

    redemption: Id

    def decide(self, state: Member, at: datetime) -> Iterator[MemberEvent]:
        return state.reverse_redemption(self.redemption)


class ExpirePoints(Command, of=Member):
    """Let the points go whose last day was before that day."""

    on: Day | None = Field(None, description="Today, unless told otherwise.")

    def decide(self, state: Member, at: datetime) -> Iterator[MemberEvent]:
        return state.expire(self.on or business_day(at), business_day(at))


class ReverseEarning(Command, of=Member):
    """Take back the points of a purchase; what was spent of them becomes a debt."""

    purchase: Id
    reason: Text

    def decide(self, state: Member, at: datetime) -> Iterator[MemberEvent]:
        return state.reverse_earning(self.purchase, self.reason)


class Bought(BaseModel):
    """One line of a member's purchase."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    item: Id
    quantity: Quantity
    amount: Amount


class RecordPurchase(Command, of=Member):
    """Record what a member bought at a dealer: the dealer's stock falls, the points are earned."""

    purchase: Id
    dealer: Id
    currency: Currency
    lines: Annotated[tuple[Bought, ...], Field(min_length=1, max_length=500)]

    def touches(self) -> Iterator[tuple[type[Aggregate], str]]:
        yield Member, self.id
        yield Customer, self.dealer
        for line in self.lines:
            yield Stock, Stock.id_of(self.dealer, line.item)

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        total = sum(line.amount for line in self.lines)
        amount = within(total, "The purchase's amount", "消费金额")
        what = self.dealer, amount, self.currency, last_day(at)
        member: Member = load(Member, self.id)
        for event in member.earn(self.purchase, earned(amount, self.currency), *what):
            yield self.stream, event
            yield from self._sales(load, at)

    def _sales(self, load: Load, at: datetime) -> Iterator[Decision]:
        amounts = by_item((line.item, line.amount) for line in self.lines)
        for item, quantity in by_item((line.item, line.quantity) for line in self.lines).items():
            stock = Stock.id_of(self.dealer, item)
            money = amounts[item], self.currency
            what = quantity, *money, self.id, at, whose(load, self.dealer)
            for sold in load(Stock, stock).sell(self.purchase, *what):
                yield Stock.stream(stock), sold


def earned(amount: int, code: str) -> int:
    """A point for each whole unit of the currency: a yuan of 100 fen, a yen of nothing smaller."""
    return currency.whole(amount, code)


def last_day(at: datetime) -> date:
    """Points live to the end of the year after they were earned."""
    return date(business_day(at).year + 1, 12, 31)
