"""A member's balance is what the live lots hold less what is owed; no point is spent twice."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import msgspec
from scenario import NOON, World, given

from aggregates import ReferenceTaken, Unknown
from aggregates.loyalty.lots import LotUse
from aggregates.loyalty.member import (
    EarningReversed,
    Member,
    MemberDetailsChanged,
    MemberEnrolled,
    NotYet,
    PointsEarned,
    PointsExpired,
    PointsRedeemed,
    RedemptionRefused,
    RedemptionReversed,
)
from commands.loyalty.member import (
    ChangeMemberDetails,
    EnrolMember,
    ExpirePoints,
    RedeemPoints,
    ReverseRedemption,
)
from commands.loyalty.purchase import EarnPoints, ReverseEarning

HOUR = timedelta(hours=1)
TODAY, NEXT_YEAR, LATER = NOON.date(), date(2027, 12, 31), date(2028, 12, 31)
ENROLLED = MemberEnrolled("Sun", "139", "D1", "standard")
enrol = EnrolMember(id="M1", name="Sun", phone="139", dealer="D1")
redeem = RedeemPoints(id="M1", redemption="R1", form="gift", points=12, reward="teapot")
reverse = ReverseRedemption(id="M1", redemption="R1")


def earned(
    purchase: str, points: int, expires_on: date | None = NEXT_YEAR, settled: int = 0
) -> PointsEarned:
    what = points, purchase, "D1", None, None, expires_on, settled
    return PointsEarned(purchase, *what, TODAY, None, NOON)


def redeemed(*uses: LotUse) -> PointsRedeemed:
    points = sum(use.points for use in uses)
    return PointsRedeemed("R1", "gift", points, uses, "teapot", None, None, "D1")


def undone(points: int, debt: int) -> EarningReversed:
    return EarningReversed("B1", "B1", points, debt, "returned", "D1")


def test_a_member_is_enrolled_once() -> None:
    given().when(enrol).then(replace(ENROLLED, enrolled_at=NOON))
    given(ENROLLED).when(enrol).then()
    for name, value in (("name", "Li"), ("phone", "138"), ("dealer", None), ("program", "gold")):
        other = enrol.model_copy(update={name: value})
        said = World({"member-M1": (ENROLLED,)}).refuses(other, ReferenceTaken)
        assert name in said
        assert "Sun" not in said
        assert "138" not in said


def test_what_is_known_of_a_member_can_be_corrected() -> None:
    other = ChangeMemberDetails(id="M1", phone="138")
    changed = MemberDetailsChanged("Sun", "138", "D1", 1)
    given(ENROLLED).when(other).then(changed)
    given(ENROLLED, changed).when(other).then()
    moved = ChangeMemberDetails(id="M1", name=None, dealer="D2")
    again = MemberDetailsChanged(None, "138", "D2", 2)
    given(ENROLLED, changed).when(moved).then(again)
    given(ENROLLED, changed, again).when(enrol).then()
    given(ENROLLED, changed, again).when(ChangeMemberDetails(id="M1")).then()
    assert Member.after([ENROLLED, changed, again]).dealer == "D2"
    assert b"138" not in msgspec.json.encode(Member.after([ENROLLED, changed]))
    given().when(other).refused(Unknown)


def test_a_state_tells_nothing_of_a_person() -> None:
    assert b"Sun" not in msgspec.json.encode(Member.after([ENROLLED]))
    assert MemberEnrolled.personal() == {"name", "phone"}


def test_what_expires_soonest_is_spent_first_then_the_oldest_and_undated_last() -> None:
    lots = (
        earned("undated", 5, None),
        earned("late", 5, LATER),
        earned("soon", 5),
        earned("as-soon", 5),
    )
    uses = LotUse("soon", 5), LotUse("as-soon", 5), LotUse("late", 2)
    given(ENROLLED, *lots).when(redeem).then(redeemed(*uses))


def test_a_redemption_happens_once() -> None:
    spent = redeemed(LotUse("B1", 12))
    given(ENROLLED, earned("B1", 20), spent).when(redeem).then()
    for name, value in (
        ("points", 1),
        ("form", "cash_back"),
        ("reward", "cup"),
        ("amount", 5),
        ("currency", "CNY"),
        ("dealer", "D2"),
    ):
        other = redeem.model_copy(update={name: value})
        said = World({"member-M1": (ENROLLED, earned("B1", 20), spent)}).refuses(
            other, ReferenceTaken
        )
        assert name in said
    given(
        ENROLLED, earned("B1", 20), spent, RedemptionReversed("R1", 12, spent.lots, "D1", 0)
    ).when(redeem).then()


def test_more_than_the_balance_is_refused_and_on_record() -> None:
    refused = RedemptionRefused("R1", 12, 10)
    given(ENROLLED, earned("B1", 10)).when(redeem).then(refused)
    assert refused.refusal
    assert Member.after([ENROLLED, refused]) == Member.after([ENROLLED])


def test_only_what_was_earned_by_then_is_spent_however_late_it_is_told() -> None:
    later = PointsEarned("B2", 9, "B2", "D1", None, None, NEXT_YEAR, 0, TODAY, None, NOON + HOUR)
    events = ENROLLED, earned("B1", 12), later
    given(*events).when(redeem, NOON).then(redeemed(LotUse("B1", 12)))
    more = redeem.model_copy(update={"points": 13})
    given(*events).when(more, NOON).then(RedemptionRefused("R1", 13, 12))
    late = EarnPoints(id="M1", purchase="B0", points=5)
    yesterday = NOON - timedelta(days=1)
    given(*events, redeemed(LotUse("B1", 12))).when(late, yesterday).then(
        PointsEarned(
            "B0", 5, "B0", "D1", None, None, NEXT_YEAR, 0, yesterday.date(), None, yesterday
        )
    )
    assert PointsEarned.anytime


def test_points_live_through_their_last_day() -> None:
    events = ENROLLED, earned("B1", 12, TODAY)
    given(*events).when(redeem).then(redeemed(LotUse("B1", 12)))
    tomorrow = datetime(2026, 3, 3, tzinfo=UTC)
    given(*events).when(redeem, tomorrow).then(RedemptionRefused("R1", 12, 0))


def test_points_earned_on_new_years_day_live_to_the_end_of_the_next_year() -> None:
    new_year = datetime.fromisoformat("2026-01-01T00:30:00+08:00")
    first = PointsEarned(
        "B1", 7, "B1", "D1", None, None, NEXT_YEAR, 0, date(2026, 1, 1), None, new_year
    )
    given(ENROLLED).when(EarnPoints(id="M1", purchase="B1", points=7), new_year).then(first)


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
    other = PointsEarned("B2", 4, "B2", "D2", None, None, TODAY, 0, TODAY, None, NOON)
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
    assert Member.after([ENROLLED, earned("B1", 20), undone(20, 0)]).balance(NOON) == 0
    given(ENROLLED).when(undo).refused(Unknown)


def test_what_was_spent_of_a_returned_purchase_is_owed_and_paid_first() -> None:
    events = ENROLLED, earned("B1", 20), redeemed(LotUse("B1", 12))
    undo = ReverseEarning(id="M1", purchase="B1", reason="returned")
    given(*events).when(undo).then(undone(8, 12))
    owing = *events, undone(8, 12)
    assert Member.after(owing).balance(NOON) == -12
    earn = EarnPoints(id="M1", purchase="B2", points=15)
    given(*owing).when(earn).then(earned("B2", 15, settled=12))
    assert Member.after([*owing, earned("B2", 15, settled=12)]).balance(NOON) == 3


def test_points_that_come_back_pay_the_debt_first() -> None:
    owing = ENROLLED, earned("B1", 20), redeemed(LotUse("B1", 12)), undone(8, 12)
    back = RedemptionReversed("R1", 12, (), "D1", 12)
    given(*owing).when(reverse).then(back)
    assert Member.after([*owing, back]).balance(NOON) == 0


def test_points_that_expired_are_not_owed() -> None:
    gone = PointsExpired(TODAY, 20, (LotUse("B1", 20),), "D1")
    undo = ReverseEarning(id="M1", purchase="B1", reason="returned")
    given(ENROLLED, earned("B1", 20), gone).when(undo).then(undone(0, 0))
