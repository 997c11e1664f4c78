"""Whatever is asked of a member's points in whatever order, no point is spent twice."""

from datetime import UTC, date, datetime
from typing import Any

import hypothesis.strategies as st
from hypothesis import given
from laws import asked, few, names, quick, try_out
from scenario import NOON, World

from aggregates.member import Member, MemberEnrolled, PointsRedeemed
from commands import Command
from commands.member import (
    EarnPoints,
    ExpirePoints,
    RedeemPoints,
    ReverseEarning,
    ReverseRedemption,
)

member = {"id": st.just("M1")}
days = st.none() | st.dates(date(2026, 3, 1), date(2026, 3, 9))
wishes = st.one_of(
    asked(EarnPoints, **member, purchase=names, points=few, expires_on=days, amount=st.none()),
    asked(RedeemPoints, **member, redemption=names, form=st.just("gift"), points=few),
    asked(ReverseRedemption, **member, redemption=names),
    asked(ReverseEarning, **member, purchase=names, reason=st.just("x")),
    asked(ExpirePoints, **member, on=st.none()),
)
moments = st.integers(1, 9).map(lambda day: datetime(2026, 3, day, tzinfo=UTC))


def worth(event: Any) -> int:
    """What the event adds to everything the member has."""
    match type(event).__name__:
        case "PointsEarned" | "RedemptionReversed":
            return int(event.points)
        case "PointsRedeemed" | "PointsExpired":
            return -int(event.points)
        case "EarningReversed":
            return -int(event.points + event.debt)
    return 0


@quick
@given(st.lists(st.tuples(wishes, moments), min_size=10, max_size=60))
def test_the_balance_is_the_sum_of_what_happened_and_nothing_is_spent_twice(
    asks: list[tuple[Command, datetime]],
) -> None:
    world = World({"member-M1": (MemberEnrolled(None, None, None, "standard"),)})
    for command, at in asks:
        before: Member = world.load(Member, "M1")
        events = try_out(world, command, at) or ()
        for event in events:
            if isinstance(event, PointsRedeemed):
                assert event.points <= before.balance(at.date())
        total = sum(worth(event) for event in world.streams["member-M1"])
        assert world.load(Member, "M1").balance(date.min) == total


@quick
@given(st.lists(st.tuples(wishes, moments), min_size=10, max_size=60))
def test_expiry_never_takes_a_spent_point(asks: list[tuple[Command, datetime]]) -> None:
    world = World({"member-M1": (MemberEnrolled(None, None, None, "standard"),)})
    for command, at in asks:
        try_out(world, command, at)
        spent: Member = world.load(Member, "M1")
        world.ask(ExpirePoints(id="M1"), at=at)
        after: Member = world.load(Member, "M1")
        for name, lot in after.lots.items():
            assert lot.spent == spent.lots[name].spent
            assert not (lot.left and lot.expires_on and lot.expires_on < at.date())


@quick
@given(st.lists(few, min_size=1, max_size=3))
def test_earning_and_returning_everything_is_the_start(points: list[int]) -> None:
    world = World({"member-M1": (MemberEnrolled(None, None, None, "standard"),)})
    for n, each in enumerate(points):
        world.ask(EarnPoints(id="M1", purchase=f"B{n}", points=each))
    for n in range(len(points)):
        world.ask(ReverseEarning(id="M1", purchase=f"B{n}", reason="x"))
    state: Member = world.load(Member, "M1")
    assert (state.balance(NOON.date()), state.debt) == (0, 0)
