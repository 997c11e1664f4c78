"""Whatever is asked of a member's points in whatever order, no point is spent twice."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import hypothesis.strategies as st
from hypothesis import given
from laws import asked, few, names, quick, try_out
from scenario import NOON, World

from aggregates.calendar import business_day
from aggregates.inventory.stock import StockSold
from aggregates.loyalty.earning import EarningSettings
from aggregates.loyalty.member import Member, MemberEnrolled, PointsRedeemed
from commands import Command
from commands.loyalty.member import ExpirePoints, RedeemPoints, ReverseRedemption
from commands.loyalty.purchase import (
    Back,
    Bought,
    EarnPoints,
    RecordPurchase,
    ReturnPurchase,
    ReverseEarning,
)
from infra.clock import micros
from services.whatif.period import ReplayedPeriod, Trial
from services.whatif.points import MemberReplay

member = {"id": st.just("M1")}
days = st.none() | st.dates(date(2026, 3, 1), date(2026, 3, 15))
nothing = dict.fromkeys(("till", "dealer", "day"), st.none())
items = st.sampled_from(["I1", "I2"])
lines = st.lists(
    st.builds(Bought, item=items, quantity=few, amount=st.integers(0, 2_000)),
    min_size=1,
    max_size=3,
).map(tuple)
some = st.lists(st.builds(Back, item=items, quantity=few), min_size=1, max_size=2).map(tuple)
wishes = st.one_of(
    asked(
        EarnPoints,
        **member,
        purchase=names,
        points=few,
        expires_on=days,
        amount=st.none(),
        currency=st.none(),
        dealer=st.none(),
        till=st.none(),
    ),
    asked(
        RecordPurchase,
        **member,
        purchase=names,
        dealer=st.just("D1"),
        currency=st.just("CNY"),
        lines=lines,
        till=st.none(),
    ),
    asked(
        ReturnPurchase,
        **member,
        purchase=names,
        return_id=names,
        lines=st.none() | some,
        reason=st.none(),
        **nothing,
    ),
    asked(
        RedeemPoints,
        **member,
        redemption=names,
        form=st.just("gift"),
        points=few,
        currency=st.none(),
        dealer=st.none(),
    ),
    asked(ReverseRedemption, **member, redemption=names),
    asked(ReverseEarning, **member, purchase=names, reason=st.just("x"), **nothing),
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
        case "EarningReversed" | "PurchaseReturned":
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
                assert event.points <= before.balance(at)
        total = sum(worth(event) for event in world.streams["member-M1"])
        after: Member = world.load(Member, "M1")
        assert after.lots.left - after.debt == total


@quick
@given(st.lists(st.tuples(wishes, moments), min_size=10, max_size=60))
def test_expiry_never_takes_a_spent_point(asks: list[tuple[Command, datetime]]) -> None:
    world = World({"member-M1": (MemberEnrolled(None, None, None, "standard"),)})
    for command, at in asks:
        try_out(world, command, at)
        spent: Member = world.load(Member, "M1")
        world.ask(ExpirePoints(id="M1"), at=at)
        after: Member = world.load(Member, "M1")
        for name, lot in (after.lots.full | after.lots.empty).items():  # type: ignore[operator]
            assert lot.spent == spent.lots[name].spent
            ended = lot.expires_on is not None and lot.expires_on < business_day(at)
            assert not (lot.left and ended and lot.earned_at <= at)


@quick
@given(st.lists(few, min_size=1, max_size=3))
def test_earning_and_returning_everything_is_the_start(points: list[int]) -> None:
    world = World({"member-M1": (MemberEnrolled(None, None, None, "standard"),)})
    for n, each in enumerate(points):
        world.ask(EarnPoints(id="M1", purchase=f"B{n}", points=each))
    for n in range(len(points)):
        world.ask(ReverseEarning(id="M1", purchase=f"B{n}", reason="x"))
    state: Member = world.load(Member, "M1")
    assert (state.balance(NOON), state.debt) == (0, 0)


@quick
@given(st.lists(st.tuples(lines, st.lists(some, max_size=4)), min_size=1, max_size=3))
def test_all_that_was_bought_comes_back_to_the_unit_and_leaves_no_point(
    purchases: list[tuple[tuple[Bought, ...], list[tuple[Back, ...]]]],
) -> None:
    """Goods and money at the dealer's, and points of the member, are what they were before."""
    world = World({"member-M1": (MemberEnrolled(None, None, None, "standard"),)})
    for n, (bought, parts) in enumerate(purchases):
        what: dict[str, Any] = {"id": "M1", "purchase": f"B{n}"}
        world.ask(RecordPurchase(**what, dealer="D1", currency="CNY", lines=bought))
        for number, part in enumerate(parts):
            try_out(world, ReturnPurchase(**what, return_id=f"R{number}", lines=part), NOON)
        try_out(world, ReturnPurchase(**what, return_id="rest"), NOON)
    state: Member = world.load(Member, "M1")
    assert (state.balance(NOON), state.debt) == (0, 0)
    for stream, events in world.streams.items():
        if stream.startswith("stock-"):
            sums = [0, 0]
            for event in events:
                sign = 1 if isinstance(event, StockSold) else -1
                sums = [sums[0] + sign * event.quantity, sums[1] + sign * event.amount]  # type: ignore[attr-defined]
            assert sums == [0, 0], stream


@quick
@given(st.lists(st.tuples(wishes, moments), min_size=10, max_size=60))
def test_a_member_that_is_decided_anew_under_the_settings_of_its_day_is_as_it_was(
    asks: list[tuple[Command, datetime]],
) -> None:
    world = World({"member-M1": (MemberEnrolled(None, None, None, "standard"),)})
    history: list[Any] = [(happened(NOON), world.streams["member-M1"][0])]
    for command, at in asks:
        before = len(world.streams["member-M1"])
        try_out(world, command, at)
        history += [(happened(at), event) for event in world.streams["member-M1"][before:]]
    tried = Trial(EarningSettings, {None: EarningSettings()}, {})
    member = MemberReplay(tried, ReplayedPeriod(0, 2**62))
    assert member.replay(history) == history
    assert member.others == []


def happened(at: datetime) -> Any:
    return SimpleNamespace(occurred_at=micros(at), key="M1")
