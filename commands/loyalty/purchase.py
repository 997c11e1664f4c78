"""What may be asked about members' purchases: what they bought, and the points for it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from aggregates import Aggregate, Refused, refuse_unequal, repeats
from aggregates.bounds import within
from aggregates.calendar import business_day
from aggregates.customers.customer import Customer
from aggregates.inventory.stock import Stock
from aggregates.inventory.stock.corrections import take_back
from aggregates.loyalty.earning import EarningSettings
from aggregates.loyalty.lots import Lot
from aggregates.loyalty.member import EarningReversed, Member, PointsEarned, PurchaseReturned
from aggregates.loyalty.purchases import Purchased, Where, differing, worth
from aggregates.orders.lines import by_item
from aggregates.packs import Packed
from commands import (
    Amount,
    Begun,
    Command,
    Currency,
    Day,
    Decision,
    Id,
    Load,
    Quantity,
    Text,
    registers,
)
from commands.inventory.stock import asking, whose
from commands.loyalty.enrolled import since_enrolled
from commands.loyalty.member import Points
from commands.packs import UNIT, added, meant, part_of
from commands.settings import in_force, of_version


class NothingEarned(Refused):
    """Points come from somewhere."""


PURCHASE = Field(
    description="The number on the receipt. A purchase is told from others by member, dealer,"
    " till, business day and number, so that tills may begin anew every day."
)
TILL = Field(None, description="Where a dealer has several tills, each with numbers of its own.")
WHICH = Field(None, description="Needed where the member has several purchases of that number.")


class EarnPoints(Command, of=Member):
    """Credit the points of a purchase: as told, or as the settings give them for its amount."""

    purchase: Id = PURCHASE
    points: Points | None = None
    amount: Amount | None = None
    currency: Currency | None = None
    dealer: Id | None = Field(None, description="The member's own, unless told otherwise.")
    till: Id | None = TILL
    expires_on: Day | None = Field(
        None, description="As the settings say, unless told: the last day of a year."
    )

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        member: Member = load(Member, self.id)
        where = Where(self.dealer, business_day(at), self.till)
        before = _recorded(load, self.id, member.standing(self.purchase, where))
        earning, version = in_force(load, EarningSettings, at)
        points = self._worth(earning) if self.points is None else self.points
        money = self.amount, self.currency, self.expires_on or last_day(at, earning)
        asked = PointsEarned("", points, self.purchase, self.dealer, *money, 0, *where[1:], at)
        told = {
            "dealer": self.dealer,
            "expires_on": self.expires_on,
            "points": self.points,
            "earned_at": self.occurred_at,
        }
        untold = [name for name, value in told.items() if value is None or type(value) is Begun]
        if {"expires_on", "points"} & {*untold}:
            asked = replace(asked, settings=version)
        earned = member.earn(asked, before, ["settings", *untold])
        for event in since_enrolled(self, member, at, earned):
            registers.dealer(load, self.dealer)
            yield self.stream, event

    def _worth(self, earning: EarningSettings) -> int:
        if self.amount is None:
            raise NothingEarned(
                "Give the points or the amount of the purchase.", "请给出积分或消费金额。"
            )
        if self.currency is None:
            raise NothingEarned(
                "Give the currency of the amount, such as CNY.", "请给出金额的币种，例如 CNY。"
            )
        return worth(self.amount, self.currency, earning)


class ReverseEarning(
    Command, of=Member, when=lambda member: member.lots.any_standing() is not None
):
    """Take back the points of a purchase; what was spent of them becomes a debt.

    The purchase may earn anew afterwards. Where goods came back, return the purchase instead.
    """

    purchase: Id
    reason: Text
    dealer: Id | None = WHICH
    day: Day | None = WHICH
    till: Id | None = WHICH

    def follows(self, load: Load) -> datetime | None:
        """When it was earned."""
        where = Where(self.dealer, self.day, self.till)
        found = _earned(load, self.id, self.purchase, where)
        return max((lot.earned_at for lot in found if not lot.reversed), default=None)

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        member: Member = load(Member, self.id)
        where = Where(self.dealer, self.day, self.till)
        name = member.to_reverse(self.purchase, where)
        if name is None:
            self._repeats(load, member, where)
            return
        for event in member.reverse_earning(self.purchase, name, self.reason):
            yield from self.in_order(event, at, load)

    def _repeats(self, load: Load, member: Member, where: Where) -> None:
        """Refuse what is no repeat of the last reversal of that number."""
        for name in reversed(member.lots.meant(self.purchase, where)):
            before = load.event(Member, self.id, EarningReversed.under(name))
            if before is not None:
                repeats(before, replace(before, reason=self.reason))
                return
        raise NothingEarned(
            f"All of {self.purchase} came back, and its points with it."
            " Nothing is left to reverse.",
            f"{self.purchase} 已全部退货，积分已随之收回，无可冲销。",
        )


class Bought(BaseModel):
    """One line of a member's purchase."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    item: Id
    quantity: Quantity
    unit: Text | None = UNIT
    amount: Amount


class RecordPurchase(Command, of=Member):
    """Record what a member bought at a dealer: the dealer's stock falls, the points are earned."""

    purchase: Id = PURCHASE
    dealer: Id
    currency: Currency
    lines: Annotated[tuple[Bought, ...], Field(min_length=1, max_length=500)]
    till: Id | None = TILL

    def touches(self) -> Iterator[tuple[type[Aggregate], str]]:
        yield Member, self.id
        yield Customer, self.dealer
        for line in self.lines:
            yield Stock, Stock.id_of(self.dealer, line.item)

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        member: Member = load(Member, self.id)
        where = Where(self.dealer, business_day(at), self.till)
        before = _recorded(load, self.id, member.standing(self.purchase, where))
        sold = member.sale_standing(self.purchase, where)
        was = before or _recorded(load, self.id, sold)
        lines = self._lines(load, was.lines if was else None)
        if before is None and sold is not None:
            _same_sale(was, lines, self.currency)
        sale = f"{self.id}:{member.lots.new_name(self.purchase)}"
        if sold is not None:
            sale = member.lots[sold].sale or sale
        total = sum(line.amount for line in lines)
        amount = within(total, "The purchase's amount", "消费金额")
        earning, version = in_force(load, EarningSettings, at)
        money = amount, self.currency, last_day(at, earning)
        what = worth(amount, self.currency, earning), self.purchase, self.dealer
        asked = PointsEarned("", *what, *money, 0, *where[1:], at, lines, sale, version)
        exact = self.occurred_at is not None and self.day_end() is None
        untold = ["points", "expires_on", "settings", *([] if exact else ["earned_at"])]
        for event in since_enrolled(self, member, at, member.earn(asked, before, untold)):
            registers.dealer(load, self.dealer)
            yield self.stream, event
            if sold is None and isinstance(event, PointsEarned):
                yield from self._sales(sale, lines, load, at)

    def _lines(self, load: Load, before: Sequence[Purchased] | None) -> tuple[Purchased, ...]:
        """Two lines may share an item; its stock is asked once."""
        amounts = by_item((line.item, line.amount) for line in self.lines)
        quantities, packs = _said(load, self.lines, before)
        return tuple(
            Purchased(item, n, amounts[item], packs.get(item)) for item, n in quantities.items()
        )

    def _sales(
        self, sale: str, lines: tuple[Purchased, ...], load: Load, at: datetime
    ) -> Iterator[Decision]:
        for line in lines:
            registers.item(load, line.item)
            stock = Stock.id_of(self.dealer, line.item)
            money = line.amount, self.currency
            entry = asking(self, load, stock, at)._replace(packed=line.packed)
            what = line.quantity, *money, self.id, entry, whose(load, self.dealer)
            for event in load(Stock, stock).sell(sale, *what):
                yield Stock.stream(stock), event


class Back(BaseModel):
    """So many of an item of a purchase."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    item: Id
    quantity: Quantity
    unit: Text | None = UNIT


class ReturnPurchase(Command, of=Member, when=lambda member: member.lots.any_sold):
    """Take back goods of a recorded purchase: they are the dealer's again, and the points go.

    What stays of the points is what the rest alone would have earned; what was spent of the
    others becomes a debt. Amounts come from the purchase, and all parts add up to it.
    """

    purchase: Id
    return_id: Id = Field(description="Tells the returns of one purchase apart.")
    lines: Annotated[tuple[Back, ...], Field(min_length=1, max_length=500)] | None = Field(
        None, description="All that has not come back yet, unless told otherwise."
    )
    reason: Text | None = None
    dealer: Id | None = WHICH
    day: Day | None = WHICH
    till: Id | None = WHICH

    def follows(self, load: Load) -> datetime | None:
        """When it was earned."""
        where = Where(self.dealer, self.day, self.till)
        found = _earned(load, self.id, self.purchase, where)
        return max((lot.earned_at for lot in found if lot.sale is not None), default=None)

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        member: Member = load(Member, self.id)
        member.known()
        where = Where(self.dealer, self.day, self.till)
        if self._repeats(load, member, where):
            return
        bought = _recorded(load, self.id, member.to_return(self.purchase, where))
        if bought is None:  # the log has not been asked yet: this will be decided again
            return
        wanted, packs = _said(load, self.lines, bought.lines) if self.lines else (None, {})
        lot, earning = member.lots[bought.lot], of_version(load, EarningSettings, bought.settings)
        for event in member.take_back(bought, self.return_id, wanted, self.reason, earning, packs):
            yield from self.in_order(event, at, load)
            for line in event.lines:
                yield from self._at_dealer(line, event, lot.sale or "", load, at)

    def _repeats(self, load: Load, member: Member, where: Where) -> bool:
        """Whether that very return was recorded; another one under its id is refused."""
        for name in member.lots.meant(self.purchase, where):
            under = PurchaseReturned.under(name, self.return_id)
            before: PurchaseReturned | None = load.event(Member, self.id, under)
            if before is None:
                continue
            refuse_unequal(*self._others(before, load), ("reason", before.reason, self.reason))
            return True
        return False

    def _others(
        self, before: PurchaseReturned, load: Load
    ) -> Iterator[tuple[str, int | str | None, int | str | None]]:
        if self.lines is None:
            return
        asked, packs = _said(load, self.lines, before.lines)
        came = {line.item: line for line in before.lines}
        for item in sorted({*came, *asked}):
            one = came.get(item)
            yield f"quantity of {item}", one.quantity if one else None, asked.get(item)
            unit = Packed.unit_of(one.packed if one else None)
            yield f"unit of {item}", unit, Packed.unit_of(packs.get(item))

    def _at_dealer(
        self, line: Purchased, event: PurchaseReturned, sale: str, load: Load, at: datetime
    ) -> Iterator[Decision]:
        stock = Stock.id_of(event.dealer, line.item)
        entry = asking(self, load, stock, at)._replace(packed=line.packed)
        what = sale, self.return_id, line.quantity, line.amount, entry
        for back in take_back(load(Stock, stock), *what):
            yield Stock.stream(stock), back


def _earned(load: Load, member: str, purchase: str, where: Where) -> Iterator[Lot]:
    """The lots that may be meant, none where there are none."""
    state: Member = load(Member, member)
    return (lot for _, lot in state.lots.named(purchase) if lot.fits(where))


def _recorded(load: Load, member: str, lot: str | None) -> PointsEarned | None:
    """How the purchase was recorded whose points are in that lot."""
    if lot is None:
        return None
    found: PointsEarned | None = load.event(Member, member, PointsEarned.under(lot))
    return found


def _said(
    load: Load, lines: Iterable[Bought | Back], before: Sequence[Purchased] | None
) -> tuple[dict[str, int], dict[str, Packed]]:
    """How many of each item, and in which packs, where all of it is said in the same ones."""
    told = {line.item: line.packed for line in before or ()}
    return added(
        ((line.item, line.unit, line.quantity) for line in lines),
        lambda item, unit, quantity: meant(
            load, item, unit, quantity, [part_of(told.get(item), unit, quantity)]
        ),
    )


def _same_sale(before: PointsEarned | None, lines: tuple[Purchased, ...], currency: str) -> None:
    """Its points were taken back and may be given anew, but its goods are sold already."""
    if before is None:
        return
    refuse_unequal(*differing(before.lines, lines), ("currency", before.currency, currency))


def last_day(at: datetime, earning: EarningSettings) -> date:
    """Points live to the end of a year, so many years after they were earned."""
    return date(business_day(at).year + earning.years, 12, 31)
