"""What was bought, what comes back of it, and what tells one purchase from another."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from aggregates import Refused
from aggregates.bounds import within
from aggregates.currency import whole
from aggregates.loyalty.earning import EarningSettings
from aggregates.marks import Money
from aggregates.packs import Packed

BY_DEFAULT = EarningSettings()
NO_PACKS: Mapping[str, Packed] = {}


@dataclass(frozen=True)
class Purchased:
    """All that was bought of one item by one purchase, or that came back of it."""

    item: str
    quantity: int
    amount: Money
    packed: Packed | None = None


class Where(NamedTuple):
    """What tells purchases of one number apart: tills begin anew every day, and each its own."""

    dealer: str | None = None
    day: date | None = None
    till: str | None = None


class NotInPurchase(Refused):
    """No more comes back than was bought."""


def worth(amount: int, currency: str, earning: EarningSettings = BY_DEFAULT) -> int:
    """The points of a purchase, by whole units of its currency: a yuan of 100 fen, a yen of
    nothing smaller.
    """
    points = earning.points * (whole(amount, currency) // earning.per)
    return within(points, "The points of the purchase", "消费的积分")


def amount_of(lines: Sequence[Purchased], returned: Mapping[str, int]) -> int:
    """What so many of each item cost."""
    return sum(_share(line, returned.get(line.item, 0)) for line in lines)


def parts(
    bought: Sequence[Purchased],
    returned: Mapping[str, int],
    wanted: Mapping[str, int] | None,
    packs: Mapping[str, Packed] = NO_PACKS,
) -> tuple[Purchased, ...]:
    """What comes back of each line: all that is left, or as many as are wanted.

    An amount is that up to here less that before, so that all parts add up to the line.
    """
    left = {line.item: line.quantity - returned.get(line.item, 0) for line in bought}
    asked = left if wanted is None else wanted
    for item, quantity in asked.items():
        if quantity > left.get(item, 0):
            raise NotInPurchase(
                f"Of {item}, {left.get(item, 0)} can come back, not {quantity}."
                " Correct the quantity.",
                f"{item} 可退 {left.get(item, 0)}，不能退 {quantity}。请更正数量。",
            )
    found = []
    for line in bought:
        if quantity := asked.get(line.item, 0):
            before = returned.get(line.item, 0)
            amount = _share(line, before + quantity) - _share(line, before)
            found.append(Purchased(line.item, quantity, amount, packs.get(line.item)))
    return tuple(found)


def _share(line: Purchased, quantity: int) -> int:
    return line.amount * quantity // line.quantity


def differing(
    before: Sequence[Purchased] | None, asked: Sequence[Purchased] | None
) -> Iterator[tuple[str, int | str | None, int | str | None]]:
    """Each item whose quantity, unit or amount is another, as a refusal names it."""
    one, other = ({line.item: line for line in lines or ()} for lines in (before, asked))
    for item in sorted(one.keys() | other.keys()):
        for name in ("quantity", "amount"):
            first, second = (getattr(side.get(item), name, None) for side in (one, other))
            if first != second:
                yield f"{name} of {item}", first, second
        was, now = (
            Packed.unit_of(getattr(side.get(item), "packed", None)) for side in (one, other)
        )
        if was != now:
            yield f"unit of {item}", was, now
