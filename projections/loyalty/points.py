"""What each member has in points: earned, redeemed, expired, taken back, and what that leaves."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from aggregates.loyalty.member import (
    EarningReversed,
    PointsEarned,
    PointsExpired,
    PointsRedeemed,
    PurchaseReturned,
    RedemptionReversed,
)
from aggregates.marks import MemberPoints
from projections.engine import EventHeader, View
from projections.engine.figure import Figure


class Change(NamedTuple):
    """`balance` is what is left, less what is owed; the others are what it is made of."""

    member: str
    dealer: str = ""
    balance: MemberPoints = 0
    earned: MemberPoints = 0
    redeemed: MemberPoints = 0
    expired: MemberPoints = 0
    taken_back: MemberPoints = 0


MEASURES = ("balance", "earned", "redeemed", "expired", "taken_back")


def rows(recorded: EventHeader, event: Any) -> Iterator[Change]:
    match event:
        case PointsEarned(points=points):
            yield Change(recorded.key, event.dealer or "", points, earned=points)
        case PointsRedeemed(points=points):
            yield Change(recorded.key, event.dealer or "", -points, redeemed=points)
        case RedemptionReversed(points=points):
            yield Change(recorded.key, event.dealer or "", points, redeemed=-points)
        case PointsExpired(points=points):
            yield Change(recorded.key, event.dealer or "", -points, expired=points)
        case EarningReversed(points=points, debt=debt) | PurchaseReturned(points=points, debt=debt):
            gone = points + debt
            yield Change(recorded.key, event.dealer or "", -gone, taken_back=gone)


view = View(
    name="points",
    kinds=frozenset({"member"}),
    change=Change,
    measures=MEASURES,
    rows=rows,
    indexes=(("member",), ("dealer",)),
    scope={"dealer": "dealer"},
)
figure = Figure(
    "points",
    "/points",
    view,
    """What each member has in points; below zero, more is owed than there is.

    Points count until they are expired. Over some days it is what they changed.
    """,
    key=("member",),
    days=True,
)
