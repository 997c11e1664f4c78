"""Points lie in lots, one for each purchase; whatever becomes of a lot's points adds up to them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import chain, count

from aggregates import Refused, Unknown
from aggregates.loyalty.purchases import Purchased, Where
from aggregates.marks import MemberPoints

BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class LotUse:
    """So many points of one lot: taken, given back or expired."""

    lot: str
    points: MemberPoints


class Ambiguous(Refused):
    """What is asked about must be told from others of its number."""


@dataclass(frozen=True)
class Lot:
    """The points of one purchase.

    Of `points`, `left` can be spent, `spent` were; the rest expired or was taken back. `owed` of
    the spent ones became a debt when the purchase came back. Lots of older builds know neither
    their day nor their till, and were there from the beginning.
    """

    points: MemberPoints
    left: int
    spent: int
    expires_on: date | None
    dealer: str | None
    reversed: bool = False
    day: date | None = None
    till: str | None = None
    earned_at: datetime = BEGINNING
    sale: str | None = None  # what the dealer's stock calls the sale, while it stands
    owed: int = 0
    taken: int = 0  # points that went with what came back
    returned: Mapping[str, int] = field(default_factory=dict)  # by item

    def lasts(self, on: date) -> bool:
        return self.expires_on is None or self.expires_on >= on

    def fits(self, where: Where) -> bool:
        """Whether it may be the lot that is meant; what nobody told apart fits anything."""
        mine = Where(self.dealer, self.day, self.till)
        return all(told in (None, own) for told, own in zip(where, mine, strict=True))

    def spend(self, points: int) -> "Lot":
        """So many points go; below zero, they come back."""
        return replace(self, left=self.left - points, spent=self.spent + points)

    def due(self, points: int) -> tuple[int, int]:
        """Of so many points to be taken back: those that are there, and those that are owed.

        What is owed already is not taken again, though a redemption has given it back since;
        what expired is forgiven.
        """
        ours = max(self.left + self.spent - self.owed, 0)
        there = min(points, self.left, ours)
        return there, min(points - there, max(self.spent - self.owed, 0))

    def void(self, points: int, debt: int) -> "Lot":
        return replace(self, left=self.left - points, reversed=True, owed=self.owed + debt)

    def back(self, lines: Sequence[Purchased], points: int, debt: int, *, whole: bool) -> "Lot":
        """Some of the purchase came back, and its points with it."""
        returned = dict(self.returned)
        for line in lines:
            returned[line.item] = returned.get(line.item, 0) + line.quantity
        return replace(
            self,
            left=self.left - points,
            owed=self.owed + debt,
            taken=self.taken + points + debt,
            returned=returned,
            reversed=self.reversed or whole,
            sale=None if whole else self.sale,
        )


@dataclass(frozen=True)
class Lots:
    """All lots of a member, by name. A lot without points stays apart, so that a long history is
    not copied with every purchase.
    """

    full: Mapping[str, Lot] = field(default_factory=dict)
    empty: Mapping[str, Lot] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Lot:
        return self.full[name] if name in self.full else self.empty[name]

    def __contains__(self, name: str) -> bool:
        return name in self.full or name in self.empty

    def any_standing(self) -> str | None:
        """A lot whose points were not taken back, if there is one."""
        every = chain(self.full.items(), self.empty.items())
        return next((name for name, lot in every if not lot.reversed), None)

    def __iter__(self) -> Iterator[Lot]:
        return chain(self.full.values(), self.empty.values())

    @property
    def any_spent(self) -> bool:
        return any(lot.spent for lot in self)

    @property
    def any_sold(self) -> bool:
        """Whether goods of any purchase can come back."""
        return any(lot.sale is not None for lot in self)

    @property
    def left(self) -> int:
        return sum(lot.left for lot in self.full.values())

    def live(self, at: datetime, on: date) -> dict[str, Lot]:
        """What could be spent at that instant, on that business day; what ends soonest first,
        undated last, and of those the oldest.
        """
        found = [each for each in self.full.items() if each[1].earned_at <= at]
        lasting = [(name, lot) for name, lot in found if lot.lasts(on)]
        return dict(sorted(lasting, key=lambda each: _end(each[1])))

    def dead(self, at: datetime, on: date) -> dict[str, Lot]:
        """What was earned by then and has points that ended before that day."""
        found = self.full.items()
        return {name: lot for name, lot in found if lot.earned_at <= at and not lot.lasts(on)}

    def any_ended(self, on: date) -> bool:
        """Whether a lot has points whose last day was before that day."""
        return any(not lot.lasts(on) for lot in self.full.values())

    def take(self, points: int, at: datetime, on: date) -> tuple[LotUse, ...]:
        taken = []
        for name, lot in self.live(at, on).items():
            if points:
                taken.append(LotUse(name, min(points, lot.left)))
                points -= taken[-1].points
        return tuple(taken)

    def put(self, changed: Mapping[str, Lot]) -> "Lots":
        full, empty = {**self.full, **changed}, self.empty
        dry = {name: lot for name, lot in changed.items() if not lot.left}
        for name in dry:
            del full[name]
        if dry or any(name in empty for name in changed):
            empty = {name: lot for name, lot in empty.items() if name not in changed} | dry
        return Lots(full, empty)

    def spend(self, uses: Sequence[LotUse], sign: int = 1) -> "Lots":
        return self.put({use.lot: self[use.lot].spend(sign * use.points) for use in uses})

    def named(self, purchase: str) -> Iterator[tuple[str, Lot]]:
        """The lots of the purchases of that number, as they were earned."""
        for number in count(1):
            name = _name(purchase, number)
            if name not in self:
                return
            yield name, self[name]

    def new_name(self, purchase: str) -> str:
        return _name(purchase, sum(1 for _ in self.named(purchase)) + 1)

    def standing(self, purchase: str, where: Where, dealer: str | None) -> str | None:
        """The lot of that very purchase, where its points were not taken back.

        Without a dealer it is one at that dealer, or else at any.
        """
        apart = (where.day, where.till), (None, None)
        found = [
            (name, lot.dealer)
            for name, lot in self.named(purchase)
            if not lot.reversed and (lot.day, lot.till) in apart
        ]
        there = [name for name, its in found if its == (where.dealer or dealer)]
        if not there and where.dealer is None:
            there = [name for name, _ in found]
        return there[-1] if there else None

    def meant(self, purchase: str, where: Where) -> list[str]:
        """The lots that may be meant, as they were earned; at least one."""
        found = [name for name, lot in self.named(purchase) if lot.fits(where)]
        if not found:
            raise Unknown(
                f"There is no purchase {purchase} of this member. Check its number, and its"
                " dealer, day and till if you give them.",
                f"这位会员没有消费 {purchase}。请检查其编号；"
                "如给出了经销商、日期和收银机，也请检查。",
            )
        return found

    def only(self, purchase: str, found: Sequence[str]) -> str:
        """The one that is meant, where it is one."""
        if len(found) == 1:
            return found[0]
        lots = [self[name] for name in found[-5:]]
        which = [(str(lot.day or "?"), lot.dealer or "?", lot.till or "-") for lot in lots]
        told = "; ".join(", ".join(one) for one in which)
        raise Ambiguous(
            f"{purchase} is the number of {len(found)} purchases ({told})."
            " Say which, by day, dealer and till.",
            f"编号 {purchase} 对应 {len(found)} 笔消费（{told}）。"
            "请用日期、经销商和收银机指明是哪一笔。",
        )


def _name(purchase: str, number: int) -> str:
    return purchase if number == 1 else f"{purchase}#{number}"


def _end(lot: Lot) -> tuple[date, datetime]:
    return lot.expires_on or date.max, lot.earned_at
