"""A member's balance is what the live lots hold less what is owed; no point is spent twice."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from scenario import NOON, World, given

from aggregates import Refused, Unknown
from aggregates.customer import CustomerRegistered
from aggregates.member import (
    EarningReversed,
    LotUse,
    Member,
    MemberEnrolled,
    MemberTaken,
    NotYet,
    PointsEarned,
    PointsExpired,
    PointsRedeemed,
    PurchaseTaken,
    RedemptionRefused,
    RedemptionReversed,
    RedemptionTaken,
)
from aggregates.stock import StockSold
from commands.member import (
    Bought,
    EarnPoints,
    EnrolMember,
    ExpirePoints,
    NothingEarned,
    RecordPurchase,
    RedeemPoints,
    ReverseEarning,
    ReverseRedemption,
)

TODAY, NEXT_YEAR, LATER = NOON.date(), date(2027, 12, 31), date(2028, 12, 31)
ENROLLED = MemberEnrolled("Sun", "139", "D1", "standard")
enrol = EnrolMember(id="M1", name="Sun", phone="139", dealer="D1")
redeem = RedeemPoints(id="M1", redemption="R1", form="gift", points=12, reward="teapot")
reverse = ReverseRedemption(id="M1", redemption="R1")


def earned(
    purchase: str, points: int, expires_on: date | None = NEXT_YEAR, settled: int = 0
) -> PointsEarned:
    return PointsEarned(purchase, points, purchase, "D1", None, None, expires_on, settled)


def redeemed(*uses: LotUse) -> PointsRedeemed:
    points = sum(use.points for use in uses)
    return PointsRedeemed("R1", "gift", points, uses, "teapot", None, None, "D1")


def undone(points: int, debt: int) -> EarningReversed:
    return EarningReversed("B1", "B1", points, debt, "returned", "D1")


@pytest.mark.capability("MB-01", "MB-08")
def test_a_member_is_enrolled_once() -> None:
    given().when(enrol).then(ENROLLED)
    given(ENROLLED).when(enrol).then()
    given(ENROLLED).when(enrol.model_copy(update={"name": "Li"})).refused(MemberTaken)


def test_a_state_tells_nothing_of_a_person() -> None:
    assert b"Sun" not in msgspec.json.encode(Member.after([ENROLLED]))
    assert MemberEnrolled.personal() == {"name", "phone"}


def test_a_purchase_earns_a_point_for_each_whole_hundred_once() -> None:
    earn = EarnPoints(id="M1", purchase="B1", amount=1250, currency="CNY")
    event = PointsEarned("B1", 12, "B1", "D1", 1250, "CNY", NEXT_YEAR, 0)
    given(ENROLLED).when(earn).then(event)
    given(ENROLLED, event).when(earn).then()
    given(ENROLLED, event).when(earn.model_copy(update={"amount": 9900})).refused(PurchaseTaken)
    given(ENROLLED).when(EarnPoints(id="M1", purchase="B1")).refused(NothingEarned)
    given().when(earn).refused(Unknown)


@pytest.mark.capability("MB-05")
def test_what_expires_soonest_is_spent_first_then_the_oldest_and_undated_last() -> None:
    lots = (
        earned("undated", 5, None),
        earned("late", 5, LATER),
        earned("soon", 5),
        earned("as-soon", 5),
    )
    uses = LotUse("soon", 5), LotUse("as-soon", 5), LotUse("late", 2)
    given(ENROLLED, *lots).when(redeem).then(redeemed(*uses))


@pytest.mark.capability("MB-05")
def test_a_redemption_happens_once() -> None:
    spent = redeemed(LotUse("B1", 12))
    given(ENROLLED, earned("B1", 20), spent).when(redeem).then()
    other = redeem.model_copy(update={"points": 1})
    given(ENROLLED, earned("B1", 20), spent).when(other).refused(RedemptionTaken)
    given(
        ENROLLED, earned("B1", 20), spent, RedemptionReversed("R1", 12, spent.lots, "D1", 0)
    ).when(redeem).then()


@pytest.mark.capability("MB-05")
def test_more_than_the_balance_is_refused_and_on_record() -> None:
    refused = RedemptionRefused("R1", 12, 10)
    given(ENROLLED, earned("B1", 10)).when(redeem).then(refused)
    assert refused.refusal
    assert Member.after([ENROLLED, refused]) == Member.after([ENROLLED])


def test_points_live_through_their_last_day() -> None:
    events = ENROLLED, earned("B1", 12, TODAY)
    given(*events).when(redeem).then(redeemed(LotUse("B1", 12)))
    tomorrow = datetime(2026, 3, 3, tzinfo=UTC)
    given(*events).when(redeem, tomorrow).then(RedemptionRefused("R1", 12, 0))


def test_points_earned_on_new_years_day_live_to_the_end_of_the_next_year() -> None:
    new_year = datetime.fromisoformat("2026-01-01T00:30:00+08:00")
    given(ENROLLED).when(EarnPoints(id="M1", purchase="B1", points=7), new_year).then(
        earned("B1", 7, NEXT_YEAR)
    )


def test_points_of_a_last_day_are_gone_when_the_company_has_the_next() -> None:
    events = ENROLLED, earned("B1", 12, date(2026, 6, 30))
    july = datetime.fromisoformat("2026-07-01T00:30:00+08:00")
    given(*events).when(redeem, july).then(RedemptionRefused("R1", 12, 0))
    expired = PointsExpired(date(2026, 7, 1), 12, (LotUse("B1", 12),), "D1")
    for expire in (ExpirePoints(id="M1", on=date(2026, 7, 1)), ExpirePoints(id="M1")):
        given(*events).when(expire, july).then(expired)
    june = july - timedelta(hours=1)
    given(*events).when(redeem, june).then(redeemed(LotUse("B1", 12)))
    given(*events).when(ExpirePoints(id="M1", on=date(2026, 7, 1)), june).refused(NotYet)


def test_a_reversed_redemption_fills_the_lots_it_emptied() -> None:
    spent = redeemed(LotUse("soon", 10), LotUse("late", 2))
    events = ENROLLED, earned("soon", 10), earned("late", 10, LATER)
    back = RedemptionReversed("R1", 12, spent.lots, "D1", 0)
    given(*events, spent).when(reverse).then(back)
    given(*events, spent, back).when(reverse).then()
    assert Member.after([*events, spent, back]).lots == Member.after(events).lots
    given(*events).when(reverse).refused(Unknown)


def test_expiry_takes_what_is_left_dealer_by_dealer_and_nothing_that_is_spent() -> None:
    other = PointsEarned("B2", 4, "B2", "D2", None, None, TODAY, 0)
    events = (
        ENROLLED,
        earned("B1", 20, TODAY),
        other,
        earned("B3", 1),
        redeemed(LotUse("B1", 12)),
    )
    tomorrow = datetime(2026, 3, 3, tzinfo=UTC)
    on, expire = tomorrow.date(), ExpirePoints(id="M1")
    expired = (
        PointsExpired(on, 8, (LotUse("B1", 8),), "D1"),
        PointsExpired(on, 4, (LotUse("B2", 4),), "D2"),
    )
    given(*events).when(expire).then()
    given(*events).when(expire, tomorrow).then(*expired)
    given(*events, *expired).when(expire, tomorrow).then()
    given(*events).when(ExpirePoints(id="M1", on=on)).refused(NotYet)


def test_earn_and_return_leaves_nothing() -> None:
    undo = ReverseEarning(id="M1", purchase="B1", reason="returned")
    given(ENROLLED, earned("B1", 20)).when(undo).then(undone(20, 0))
    given(ENROLLED, earned("B1", 20), undone(20, 0)).when(undo).then()
    assert Member.after([ENROLLED, earned("B1", 20), undone(20, 0)]).balance(TODAY) == 0
    given(ENROLLED).when(undo).refused(Unknown)


def test_what_was_spent_of_a_returned_purchase_is_owed_and_paid_first() -> None:
    events = ENROLLED, earned("B1", 20), redeemed(LotUse("B1", 12))
    undo = ReverseEarning(id="M1", purchase="B1", reason="returned")
    given(*events).when(undo).then(undone(8, 12))
    owing = *events, undone(8, 12)
    assert Member.after(owing).balance(TODAY) == -12
    earn = EarnPoints(id="M1", purchase="B2", points=15)
    given(*owing).when(earn).then(earned("B2", 15, settled=12))
    assert Member.after([*owing, earned("B2", 15, settled=12)]).balance(TODAY) == 3


def test_points_that_come_back_pay_the_debt_first() -> None:
    owing = ENROLLED, earned("B1", 20), redeemed(LotUse("B1", 12)), undone(8, 12)
    back = RedemptionReversed("R1", 12, (), "D1", 12)
    given(*owing).when(reverse).then(back)
    assert Member.after([*owing, back]).balance(TODAY) == 0


def test_points_that_expired_are_not_owed() -> None:
    gone = PointsExpired(TODAY, 20, (LotUse("B1", 20),), "D1")
    undo = ReverseEarning(id="M1", purchase="B1", reason="returned")
    given(ENROLLED, earned("B1", 20), gone).when(undo).then(undone(0, 0))


buy = RecordPurchase(
    id="M1",
    purchase="B1",
    dealer="D1",
    currency="CNY",
    lines=(
        Bought(item="I1", quantity=2, amount=500),
        Bought(item="I2", quantity=1, amount=150),
        Bought(item="I1", quantity=1, amount=250),
    ),
)


@pytest.mark.capability("MB-04", "CH-13")
def test_a_purchase_moves_the_dealers_stock_and_earns_in_one_step() -> None:
    world = World({"member-M1": (ENROLLED,)})
    assert world.ask(buy) == (
        PointsEarned("B1", 9, "B1", "D1", 900, "CNY", NEXT_YEAR, 0),
        StockSold("dealer", "B1", 3, 750, "CNY", "M1", NOON),
        StockSold("dealer", "B1", 1, 150, "CNY", "M1", NOON),
    )
    assert world.ask(buy) == ()


def test_a_purchase_counts_for_whoever_looks_after_the_dealer() -> None:
    dealer = CustomerRegistered("D1", "dealer", "li", "east", "shanghai", None, None, None)
    world = World({"member-M1": (ENROLLED,), "customer-D1": (dealer,)})
    _, *sold = world.ask(buy)
    whose = [(e.rep, e.department, e.region) for e in sold if isinstance(e, StockSold)]
    assert whose == [("li", "east", "shanghai")] * 2


def test_a_purchase_needs_a_member() -> None:
    reason: type[Refused] = Unknown
    World().refuses(buy, reason)
