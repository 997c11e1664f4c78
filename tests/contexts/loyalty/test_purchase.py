"""One purchase is one sale and earns once; what comes back of it takes its points along."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from scenario import NOON, World, given

from aggregates import DateFlagged, Event, OutOfOrder, ReferenceTaken, Refused, Unknown
from aggregates.customers.customer import CustomerRegistered
from aggregates.inventory.stock import SellOutReturned, Stock, StockSold
from aggregates.loyalty.lots import Ambiguous, LotUse
from aggregates.loyalty.member import (
    BornDead,
    EarningReversed,
    Member,
    MemberEnrolled,
    PartlyReturned,
    PointsEarned,
    PointsExpired,
    PointsRedeemed,
    PurchaseReturned,
    RedemptionReversed,
)
from aggregates.loyalty.purchases import NotInPurchase, Purchased
from commands.loyalty.member import RedeemPoints, ReverseRedemption
from commands.loyalty.purchase import (
    Back,
    Bought,
    EarnPoints,
    NothingEarned,
    RecordPurchase,
    ReturnPurchase,
    ReverseEarning,
)

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TODAY, END = NOON.date(), date(2027, 12, 31)
MEMBER = MemberEnrolled("Sun", "139", "D1", "standard")
LINES = Purchased("I1", 3, 750), Purchased("I2", 1, 150)
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
earn = EarnPoints(id="M1", purchase="B1", amount=1250, currency="CNY")
undo = ReverseEarning(id="M1", purchase="B1", reason="returned")


def earned(lot: str = "B1", at: datetime = NOON, till: str | None = None) -> PointsEarned:
    what = 12, lot.partition("#")[0], "D1", 1250, "CNY", END, 0
    return PointsEarned(lot, *what, at.date(), till, at)


def bought(lot: str = "B1", at: datetime = NOON) -> PointsEarned:
    what = 9, lot.partition("#")[0], "D1", 900, "CNY", END, 0
    return PointsEarned(lot, *what, at.date(), None, at, LINES, f"M1:{lot}")


def reversed_(lot: str, points: int = 12) -> EarningReversed:
    return EarningReversed(lot.partition("#")[0], lot, points, 0, "returned", "D1")


def sold(lot: str = "B1", at: datetime = NOON) -> tuple[StockSold, StockSold]:
    return (
        StockSold("dealer", f"M1:{lot}", 3, 750, "CNY", "M1", at),
        StockSold("dealer", f"M1:{lot}", 1, 150, "CNY", "M1", at),
    )


def world(*events: Event) -> World:
    return World({"member-M1": (MEMBER, *events)})


def with_sale(*events: Event) -> World:
    """The same, and the dealer's stock as the purchase left it."""
    first, second = sold()
    stock = {"stock-D1:I1": (first,), "stock-D1:I2": (second,)}
    return World({"member-M1": (MEMBER, bought(), *events), **stock})


def with_(command: Any, **fields: Any) -> Any:
    return command.model_copy(update=fields)


def test_a_purchase_moves_the_dealers_stock_and_earns_in_one_step() -> None:
    company = world()
    assert company.ask(buy) == (bought(), *sold())
    assert company.ask(buy) == ()


def test_a_purchase_counts_for_whoever_looks_after_the_dealer() -> None:
    company = world()
    dealer = CustomerRegistered("D1", "dealer", "li", "east", "shanghai", None, None, None)
    company.streams["customer-D1"] = (dealer,)
    _, *sales = company.ask(buy)
    whose = [(e.rep, e.department, e.region) for e in sales if isinstance(e, StockSold)]
    assert whose == [("li", "east", "shanghai")] * 2


def test_a_purchase_needs_a_member() -> None:
    for command in (buy, earn, undo, ReturnPurchase(id="M1", purchase="B1", return_id="R")):
        reason: type[Refused] = Unknown
        World().refuses(command, reason)


def test_two_members_with_one_number_are_two_sales() -> None:
    """Tills repeat their numbers, and a day later they repeat them all."""
    company = World({"member-M1": (MEMBER,), "member-M2": (MEMBER,)})
    company.ask(buy)
    events = company.ask(with_(buy, id="M2"))
    assert [type(event) for event in events] == [PointsEarned, StockSold, StockSold]
    assert company.load(Stock, "D1:I1").on_hand == -6


def test_the_same_number_a_day_later_at_another_till_or_dealer_is_another_purchase() -> None:
    company = world()
    company.ask(buy)
    assert company.ask(buy, at=NOON + DAY) == (
        bought("B1#2", NOON + DAY),
        *sold("B1#2", NOON + DAY),
    )
    assert company.ask(buy, at=NOON + DAY) == ()
    for number, other in enumerate((with_(buy, till="T2"), with_(buy, dealer="D2")), 3):
        first, *sales = company.ask(other, at=NOON + DAY)
        assert (first.lot, len(sales)) == (f"B1#{number}", 2)  # type: ignore[attr-defined]
        assert company.ask(other, at=NOON + DAY) == ()


def test_a_day_is_the_companys_and_not_utcs() -> None:
    evening = datetime.fromisoformat("2026-03-02T23:30:00+08:00")
    company = world()
    company.ask(buy, at=evening)
    assert company.ask(buy, at=evening - 20 * HOUR) == ()
    assert company.ask(buy, at=evening + HOUR) != ()


@pytest.mark.parametrize(
    ("other", "named"),
    [
        ({"currency": "USD"}, "currency CNY, not USD"),
        ({"lines": buy.lines[1:]}, "quantity of I1 3, not 1; amount of I1 750, not 250"),
        (
            {"lines": (*buy.lines, Bought(item="I3", quantity=1, amount=0))},
            "quantity of I3 nothing, not 1",
        ),
        # the same whole points
        (
            {"lines": (*buy.lines[:2], Bought(item="I1", quantity=1, amount=251))},
            "amount of I1 750, not 751",
        ),
    ],
)
def test_a_recorded_purchase_told_otherwise_is_refused_with_the_difference(
    other: dict[str, Any], named: str
) -> None:
    company = world()
    company.ask(buy)
    assert named in company.refuses(with_(buy, **other), ReferenceTaken)


@pytest.mark.parametrize(
    ("other", "named"),
    [
        ({"amount": 1251}, "amount 1250, not 1251"),
        ({"points": 13}, "points 12, not 13"),
        ({"currency": "USD"}, "currency CNY, not USD"),
        ({"expires_on": date(2029, 1, 1)}, "expires_on 2027-12-31, not 2029-01-01"),
        ({"occurred_at": NOON - HOUR}, "earned_at 2026-03-02T20:00:00+08:00, not 2026-03-02T19"),
    ],
)
def test_points_told_otherwise_are_refused_with_the_difference(
    other: dict[str, Any], named: str
) -> None:
    company, asked = world(earned()), with_(earn, **other)
    at = asked.occurred_at or NOON
    assert named in company.refuses(asked, ReferenceTaken, at=at)


def test_a_purchase_earns_a_point_for_each_whole_unit_once() -> None:
    given(MEMBER).when(earn).then(earned())
    given(MEMBER, earned()).when(earn).then()
    given(MEMBER, earned()).when(with_(earn, dealer="D1")).then()
    given(MEMBER, earned()).when(earn, NOON + HOUR).then()
    given(MEMBER).when(EarnPoints(id="M1", purchase="B1")).refused(NothingEarned)
    given(MEMBER).when(EarnPoints(id="M1", purchase="B1", amount=5)).refused(NothingEarned)
    given(MEMBER).when(with_(earn, expires_on=TODAY - DAY)).refused(BornDead)


def test_points_alone_are_no_sale_so_that_a_sale_is_never_lost() -> None:
    """Whoever earned by a number cannot record its goods by it, and learns so."""
    said = world(earned()).refuses(buy, ReferenceTaken)
    assert "quantity of I1 nothing, not 3" in said
    company = world()
    company.ask(buy)
    company.refuses(earn, ReferenceTaken)


def test_a_purchase_of_an_older_build_is_known_again_and_its_number_is_free() -> None:
    old = PointsEarned("B1", 9, "B1", "D1", 900, "CNY", END, 0)
    company = world(old)
    assert company.ask(buy) == ()
    first, *_ = company.ask(with_(buy, lines=buy.lines[1:]))
    assert first.lot == "B1#2"  # type: ignore[attr-defined]


def test_after_a_reversal_a_purchase_may_earn_anew() -> None:
    events = earned(), reversed_("B1")
    given(MEMBER, *events).when(with_(earn, amount=4000)).then(
        PointsEarned("B1#2", 40, "B1", "D1", 4000, "CNY", END, 0, TODAY, None, NOON)
    )
    given(MEMBER, *events).when(earn).then(earned("B1#2"))
    again = *events, earned("B1#2")
    given(MEMBER, *again).when(earn).then()
    given(MEMBER, *again).when(undo).then(reversed_("B1#2"))
    assert Member.after([MEMBER, *again]).balance(NOON) == 12


def test_points_given_anew_are_no_second_sale() -> None:
    company = world()
    company.ask(buy)
    assert company.ask(undo) == (reversed_("B1", 9),)
    other = with_(buy, lines=buy.lines[1:])
    assert "quantity of I1 3, not 1" in company.refuses(other, ReferenceTaken)
    (again,) = company.ask(buy)
    assert (again.lot, again.sale) == ("B1#2", "M1:B1")  # type: ignore[attr-defined]
    back = company.ask(ReturnPurchase(id="M1", purchase="B1", return_id="R1"))
    assert [type(event) for event in back] == [PurchaseReturned, SellOutReturned, SellOutReturned]
    assert company.load(Stock, "D1:I1").on_hand == 0
    assert company.load(Member, "M1").balance(NOON) == 0
    assert [type(event) for event in company.ask(buy)] == [PointsEarned, StockSold, StockSold]


def test_an_earning_is_reversed_once_and_for_one_reason() -> None:
    given(MEMBER, earned()).when(undo).then(reversed_("B1"))
    given(MEMBER, earned(), reversed_("B1")).when(undo).then()
    said = world(earned(), reversed_("B1")).refuses(with_(undo, reason="fraud"), ReferenceTaken)
    assert "reason returned, not fraud" in said


def test_a_number_of_several_purchases_must_be_told_apart() -> None:
    events = earned(), earned("B1#2", NOON + DAY), earned("B1#3", NOON + DAY, "T2")
    said = world(*events).refuses(undo, Ambiguous)
    assert "2026-03-02, D1, -; 2026-03-03, D1, -; 2026-03-03, D1, T2" in said
    given(MEMBER, *events).when(with_(undo, day=TODAY)).then(reversed_("B1"))
    given(MEMBER, *events).when(with_(undo, till="T2"), NOON + DAY).then(reversed_("B1#3"))
    given(MEMBER, *events).when(with_(undo, day=TODAY + DAY)).refused(Ambiguous)
    given(MEMBER, *events).when(with_(undo, dealer="D2")).refused(Unknown)


def test_nothing_is_taken_back_before_it_was_earned() -> None:
    back = ReturnPurchase(id="M1", purchase="B1", return_id="R1")
    for command in (undo, back):
        with_sale().refuses(command, OutOfOrder, at=NOON - HOUR)
        flag, first, *_ = with_sale().ask(with_(command, dates="flag"), at=NOON - HOUR)
        assert isinstance(flag, DateFlagged)
        assert (flag.given, flag.limit) == (NOON - HOUR, NOON)
        assert isinstance(first, EarningReversed | PurchaseReturned)


def part(return_id: str, **items: int) -> ReturnPurchase:
    lines = tuple(Back(item=item, quantity=quantity) for item, quantity in items.items())
    return ReturnPurchase(id="M1", purchase="B1", return_id=return_id, lines=lines)


def test_goods_that_come_back_are_the_dealers_again_and_their_points_go() -> None:
    company = world()
    company.ask(buy)
    returned, at_dealer = company.ask(part("R1", I1=1))
    lines = (Purchased("I1", 1, 250),)
    what = lines, 250, "CNY", 3, 0, "D1", None, False  # 650 are worth 6 of the 9 points
    assert returned == PurchaseReturned("B1", "B1", "R1", *what)
    back = SellOutReturned("dealer", "M1:B1", "R1", 1, 250, "CNY", "M1", NOON, part=1)
    assert at_dealer == back
    assert company.load(Stock, "D1:I1").on_hand == -2
    assert company.load(Member, "M1").balance(NOON) == 6
    rest = ReturnPurchase(id="M1", purchase="B1", return_id="R2", reason="all of it")
    last, *_ = company.ask(rest)
    lines = Purchased("I1", 2, 500), Purchased("I2", 1, 150)
    what = lines, 650, "CNY", 6, 0, "D1", "all of it", True  # type: ignore[assignment]
    assert last == PurchaseReturned("B1", "B1", "R2", *what)
    assert company.load(Member, "M1").balance(NOON) == 0
    assert company.ask(part("R1", I1=1)) == company.ask(rest) == ()


def test_parts_of_a_purchase_add_up_to_it() -> None:
    thirds = with_(buy, lines=(Bought(item="I1", quantity=3, amount=1000),))
    company = world()
    company.ask(thirds)
    parts = [company.ask(part(f"R{n}", I1=1))[0] for n in range(3)]
    assert [event.amount for event in parts] == [333, 333, 334]  # type: ignore[attr-defined]
    assert [event.points for event in parts] == [4, 3, 3]  # type: ignore[attr-defined]
    assert [event.whole for event in parts] == [False, False, True]  # type: ignore[attr-defined]


def test_no_more_comes_back_than_was_bought() -> None:
    company = world()
    company.ask(buy, part("R1", I1=2))
    assert "Of I1, 1 can come back, not 2" in company.refuses(part("R2", I1=2), NotInPurchase)
    assert "Of I9, 0 can come back" in company.refuses(part("R2", I9=1), NotInPurchase)
    company.ask(ReturnPurchase(id="M1", purchase="B1", return_id="R2"))
    company.refuses(ReturnPurchase(id="M1", purchase="B1", return_id="R3"), Unknown)
    assert company.ask(buy) == (bought("B1#2"), *sold("B1#2"))


def test_a_return_told_otherwise_is_refused_with_the_difference() -> None:
    company = world()
    company.ask(buy, part("R1", I1=2))
    assert "quantity of I1 2, not 1" in company.refuses(part("R1", I1=1), ReferenceTaken)
    assert "quantity of I2 nothing, not 1" in company.refuses(
        part("R1", I1=2, I2=1), ReferenceTaken
    )
    reason = with_(part("R1", I1=2), reason="broken")
    assert "reason nothing, not broken" in company.refuses(reason, ReferenceTaken)


def test_what_was_spent_of_what_came_back_is_owed() -> None:
    company = world()
    spend = RedeemPoints(id="M1", redemption="S1", form="gift", points=7)
    company.ask(buy, spend)
    first, _ = company.ask(part("R1", I1=1))
    assert (first.points, first.debt) == (2, 1)  # type: ignore[attr-defined]
    second, *_ = company.ask(ReturnPurchase(id="M1", purchase="B1", return_id="R2"))
    assert (second.points, second.debt) == (0, 6)  # type: ignore[attr-defined]
    assert company.load(Member, "M1").balance(NOON) == -7
    company.ask(ReverseRedemption(id="M1", redemption="S1"))
    assert company.load(Member, "M1").balance(NOON) == 0


def test_points_that_expired_are_not_owed_when_goods_come_back() -> None:
    gone = PointsExpired(TODAY, 9, (LotUse("B1", 9),), "D1")
    back, *_ = with_sale(gone).ask(part("R1", I1=3))
    assert (back.points, back.debt) == (0, 0)  # type: ignore[attr-defined]


def test_an_earning_that_was_reversed_takes_no_points_when_the_goods_come_back() -> None:
    company = world()
    company.ask(buy, undo)
    back, *_ = company.ask(part("R1", I1=1))
    assert (back.points, back.debt) == (0, 0)  # type: ignore[attr-defined]
    company.refuses(buy, PartlyReturned)


def test_points_alone_cannot_come_back_as_goods() -> None:
    world(earned()).refuses(ReturnPurchase(id="M1", purchase="B1", return_id="R"), Unknown)


def test_a_reversal_after_a_part_came_back_takes_the_rest() -> None:
    company = world()
    spend = RedeemPoints(id="M1", redemption="S1", form="gift", points=7)
    company.ask(buy, spend, part("R1", I1=1))
    (rest,) = company.ask(undo)
    assert (rest.points, rest.debt) == (0, 6)  # type: ignore[attr-defined]
    back = RedemptionReversed("S1", 7, (), "D1", 7)
    assert company.ask(ReverseRedemption(id="M1", redemption="S1")) == (back,)
    assert company.load(Member, "M1").balance(NOON) == 0


def test_of_two_lots_that_end_together_the_older_is_spent_first_though_told_later() -> None:
    late = PointsEarned("B0", 5, "B0", "D1", None, None, END, 0, TODAY, None, NOON - HOUR)
    (spent,) = world(earned(), late).ask(
        RedeemPoints(id="M1", redemption="S1", form="gift", points=6)
    )
    assert isinstance(spent, PointsRedeemed)
    assert spent.lots == (LotUse("B0", 5), LotUse("B1", 1))


def test_points_that_came_back_to_a_reversed_purchase_stay_when_its_goods_come_back() -> None:
    """Another purchase has paid the debt: what the redemption gives back is the member's own."""
    company = world()
    spend = RedeemPoints(id="M1", redemption="S1", form="gift", points=7)
    company.ask(buy, spend, undo)
    company.ask(EarnPoints(id="M1", purchase="B2", points=10))
    company.ask(ReverseRedemption(id="M1", redemption="S1"))
    assert company.load(Member, "M1").balance(NOON) == 10
    back, *_ = company.ask(ReturnPurchase(id="M1", purchase="B1", return_id="R1"))
    assert (back.points, back.debt) == (0, 0)  # type: ignore[attr-defined]
    assert company.load(Member, "M1").balance(NOON) == 10


@pytest.mark.parametrize("rest", [undo, ReturnPurchase(id="M1", purchase="B1", return_id="R2")])
def test_a_debt_that_was_paid_is_not_taken_again(rest: Any) -> None:
    """3 of 9 points go with a part, 1 of them as a debt, which another purchase pays."""
    company = world()
    spend = RedeemPoints(id="M1", redemption="S1", form="gift", points=7)
    company.ask(buy, spend, part("R1", I1=1))
    company.ask(EarnPoints(id="M1", purchase="B2", points=10))
    company.ask(ReverseRedemption(id="M1", redemption="S1"))
    assert company.load(Member, "M1").balance(NOON) == 16
    last, *_ = company.ask(rest)
    assert (last.points, last.debt) == (6, 0)  # type: ignore[attr-defined]
    state = company.load(Member, "M1")
    assert (state.balance(NOON), state.debt) == (10, 0)
