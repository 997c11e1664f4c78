"""Public pools: a customer that is left alone goes there, and is claimed under rules."""

from datetime import timedelta
from typing import Any

import pytest
from scenario import NOON, World

from aggregates.customers.caseload import Caseload
from aggregates.customers.customer import (
    ClaimRefused,
    Customer,
    CustomerClaimed,
    CustomerPooled,
    InPool,
    NotInPool,
)
from aggregates.customers.public_pool import BadPool
from aggregates.customers.share import Share
from aggregates.opportunities.opportunity import Opportunity
from commands import Command
from commands.customers.customer import (
    RateCustomer,
    ReassignCustomer,
    RegisterCustomer,
    WithdrawCustomer,
)
from commands.customers.pool import (
    ClaimCustomer,
    NobodyClaims,
    NoPool,
    NoteActivity,
    PoolCustomer,
    ReleaseCustomer,
    ReviewPoolDeadline,
)
from commands.customers.share import ShareCustomer
from commands.opportunities.opportunity import LoseOpportunity, OpenOpportunity
from commands.organisation.account import OpenAccount
from commands.organisation.rep import HireRep
from commands.organisation.settings import ChangeSettings

DAY = timedelta(days=1)
release = ReleaseCustomer(id="C1", reason="too far")
claim = ClaimCustomer(id="C1", owner="wu")
fall = PoolCustomer(id="C1")
deal = OpenOpportunity(id="P1", customer="C1", title="Tea", amount=1, currency="CNY")


def settings(*pools: dict[str, Any], **more: Any) -> ChangeSettings:
    values = {"pools": list(pools), **more}
    return ChangeSettings(id="customers.pools", values=values, reason="nobody waits")


def pool(name: str = "east", **more: Any) -> dict[str, Any]:
    return {"name": name, "periods": [{"follow_up_days": 30}], **more}


def register(name: str, owner: str = "li") -> RegisterCustomer:
    return RegisterCustomer(id=name, name=name, customer_kind="retailer", owner=owner)


def company(*pools: dict[str, Any], **more: Any) -> World:
    """Li and Wu work in the east, Qi in the west; C1 is Li's."""
    world = World()
    for who, place in (("li", "east"), ("wu", "east"), ("qi", "west")):
        world.ask(HireRep(id=who, name=who, department=place, region=place))
    world.ask(settings(*(pools or (pool(),)), **more), register("C1"))
    return world


def customer(world: World, name: str = "C1") -> Customer:
    found: Customer = world.load(Customer, name)
    return found


def refused(world: World, command: Command, at: Any = NOON) -> ClaimRefused:
    """The refusal that is recorded, and is the last thing that happened."""
    event = world.ask(command, at=at)[-1]
    assert isinstance(event, ClaimRefused)
    en, zh = event.said()
    assert en.endswith(".")
    assert zh.endswith("。")
    return event


def test_a_customer_goes_to_the_pool_when_its_period_is_over_and_says_why() -> None:
    world = company()
    assert customer(world).tenure.pool_at == NOON + 30 * DAY
    assert world.ask(fall, at=NOON + 30 * DAY - timedelta(seconds=1)) == ()
    (event,) = world.ask(fall, at=NOON + 30 * DAY)
    whose = "li", "east", "east", "east", "east"
    why = "follow_up", NOON, 30, None, NOON + 30 * DAY, "customers.pools:1"
    assert event == CustomerPooled(*whose, "east", *why)
    assert customer(world).owner == ""
    assert world.ask(fall, at=NOON + 31 * DAY) == ()


def test_each_trigger_runs_from_the_last_time_that_it_was_done() -> None:
    periods = [{"follow_up_days": 30, "opportunity_days": 20, "deal_days": 25}]
    world = company(pool(periods=periods))
    assert customer(world).tenure.pool_at == NOON + 20 * DAY
    later = NOON + 9 * DAY
    world.ask(NoteActivity(id="C1", activity="opportunity", happened_at=later), at=later)
    assert customer(world).tenure.pool_at == NOON + 25 * DAY
    world.ask(NoteActivity(id="C1", activity="deal", happened_at=later), at=later)
    assert customer(world).tenure.pool_at == NOON + 29 * DAY
    early = NoteActivity(id="C1", activity="deal", happened_at=NOON)
    assert world.ask(early, at=later) == ()


def test_the_period_follows_the_importance() -> None:
    periods = [{"importance": "A", "follow_up_days": 10}, {"importance": "C"}]
    world = company(pool(periods=[*periods, {"follow_up_days": 60}]))
    assert customer(world).tenure.pool_at == NOON + 60 * DAY
    world.ask(RateCustomer(id="C1", importance="A"))
    assert customer(world).tenure.pool_at == NOON + 10 * DAY
    world.ask(RateCustomer(id="C1", importance="C"))
    assert customer(world).tenure.pool_at is None


def test_a_customer_goes_to_the_pool_of_its_department_and_region() -> None:
    world = company(pool("west", region="west"), pool("east", department="east"))
    world.ask(register("C2", "qi"))
    at = NOON + 30 * DAY
    assert world.ask(PoolCustomer(id="C2"), at=at)[0].pool == "west"  # type: ignore[attr-defined]
    assert world.ask(fall, at=at)[0].pool == "east"  # type: ignore[attr-defined]


def test_without_a_pool_of_its_place_a_customer_stays() -> None:
    world = company(pool("west", region="west"))
    assert customer(world).tenure.pool_at is None
    assert world.ask(fall, at=NOON + 999 * DAY) == ()
    world.refuses(release, NoPool)


def test_an_open_opportunity_or_a_deal_exempts_a_customer_where_the_pool_says_so() -> None:
    world = company(pool(spare_open_opportunities=True))
    world.ask(deal)
    note = NoteActivity(id="C1", activity="opportunity", happened_at=NOON)
    world.ask(note)
    assert customer(world).tenure.pool_at is None
    world.ask(LoseOpportunity(id="P1", reason="price"))
    world.ask(note.model_copy(update={"happened_at": NOON + DAY}))
    assert customer(world).tenure.pool_at == NOON + 30 * DAY
    world = company(pool(spare_dealt=True))
    world.ask(NoteActivity(id="C1", activity="deal", happened_at=NOON))
    assert customer(world).tenure.pool_at is None


def test_settings_that_come_later_reach_old_customers_and_warn_their_owners_first() -> None:
    world = company(pool("west", region="west"))
    world.ask(settings(pool()))
    assert customer(world).tenure.pool_at is None
    late = NOON + 90 * DAY
    world.ask(ReviewPoolDeadline(id="C1"), at=late)
    assert customer(world).tenure.pool_at == late + 30 * DAY
    world.ask(settings(pool(periods=[{"follow_up_days": 3}])))
    world.ask(ReviewPoolDeadline(id="C1"), at=late + 9 * DAY)
    tenure = customer(world).tenure
    assert (tenure.remind_at, tenure.pool_at) == (late + 9 * DAY, late + 16 * DAY)


def test_a_longer_period_moves_a_deadline_that_was_set_before() -> None:
    world = company()
    world.ask(settings(pool(periods=[{"follow_up_days": 60}])))
    world.ask(fall, at=NOON + 30 * DAY)
    assert customer(world).tenure.pool_at == NOON + 60 * DAY


def test_a_customer_in_the_pool_does_no_business_until_it_is_claimed() -> None:
    world = company()
    world.ask(release)
    assert "too far" in str(customer(world).pooled)
    world.refuses(deal, InPool)
    world.ask(claim, deal)
    assert world.load(Opportunity, "P1").stamp.rep == "wu"


def test_whoever_claims_a_customer_gets_its_owners_open_opportunities() -> None:
    world = company()
    world.ask(deal, release)
    share = ShareCustomer(customer="C1", with_person="qi", reason="holiday")
    (claimed, *_) = world.ask(claim)
    assert claimed == CustomerClaimed(
        "east", "li", "wu", "east", "east", None, None, "customers.pools:1"
    )
    assert world.load(Opportunity, "P1").stamp.rep == "wu"
    world.ask(share, ReleaseCustomer(id="C1", reason="too far"))
    assert not world.load(Share, Share.id_of("C1", "qi")).permits(NOON, working=False)


def test_a_customer_is_claimed_once() -> None:
    world = company()
    world.refuses(claim, NotInPool)
    world.ask(release, claim)
    assert world.ask(claim) == ()
    world.refuses(ClaimCustomer(id="C1", owner="qi"), NotInPool)


def test_nobody_claims_for_somebody_else() -> None:
    world = company()
    world.ask(OpenAccount(id="boss"), OpenAccount(id="wu", person="wu"), release)
    world.acting("boss").refuses(ClaimCustomer(id="C1"), NobodyClaims)
    world.acting("wu").refuses(ClaimCustomer(id="C1", owner="qi"), NobodyClaims)
    world.ask(ClaimCustomer(id="C1"))
    assert customer(world).owner == "wu"


@pytest.mark.parametrize("assigned", [False, True])
def test_nobody_gets_more_customers_from_the_pool_than_he_can_serve(*, assigned: bool) -> None:
    world = company(cap=2)
    world.ask(*(register(name, "wu") for name in ("W1", "W2")), release)
    again = ReassignCustomer(id="C1", owner="wu", reason="near") if assigned else claim
    no = refused(world, again)
    assert (no.rule, no.count, no.limit) == ("cap", 2, 2)
    assert "2 customers and may have 2" in no.said()[0]
    world.ask(ReleaseCustomer(id="W1", reason="too many"), again)
    assert customer(world).owner == "wu"


def test_the_caseload_follows_every_change_of_owner() -> None:
    world = company(cap=9)
    world.ask(release, claim, register("C2", "wu"), register("C3", "wu"))
    assert world.load(Caseload, "wu").cases == {"C1", "C2", "C3"}
    world.ask(
        ReassignCustomer(id="C1", owner="li", reason="x"),
        WithdrawCustomer(id="C2", reason="twice"),
        ReleaseCustomer(id="C3", reason="far"),
        ReassignCustomer(id="C3", owner="wu", reason="near"),
    )
    assert world.load(Caseload, "wu").cases == {"C3"}


def test_the_rate_limits_claims_within_days() -> None:
    world = company(claims=1, claim_days=2)
    world.ask(register("C2"), release, ReleaseCustomer(id="C2", reason="x"), claim)
    second = ClaimCustomer(id="C2", owner="wu")
    no = refused(world, second, NOON + DAY)
    assert (no.rule, no.count, no.limit, no.days) == ("rate", 1, 1, 2)
    world.ask(second, at=NOON + 2 * DAY)
    assert customer(world, "C2").owner == "wu"


def test_who_had_a_customer_last_is_barred_for_days() -> None:
    world = company(bar_days=5)
    world.ask(release)
    back = ClaimCustomer(id="C1", owner="li")
    no = refused(world, back, NOON + 4 * DAY)
    assert (no.rule, no.until) == ("previous_owner", NOON + 5 * DAY)
    world.ask(back, at=NOON + 5 * DAY)
    assert customer(world).owner == "li"


def test_pools_have_names_of_their_own_and_periods() -> None:
    world = World()
    world.refuses(settings(pool(), pool()), BadPool)
    world.refuses(settings(pool(periods=[{"importance": "A"}])), BadPool)
