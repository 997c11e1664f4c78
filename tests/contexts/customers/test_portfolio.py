"""A handover takes the open opportunities along, all at once or not at all."""

import pytest
from scenario import World

from aggregates import Refused
from aggregates.customers.customer import Customer
from aggregates.customers.portfolio import OpportunityListed, Portfolio
from aggregates.opportunities.opportunity import (
    Opportunity,
    OpportunityClosed,
    OpportunityReassigned,
)
from aggregates.organisation.rep import RepGone
from commands import Command
from commands.customers.customer import ReassignCustomer, RegisterCustomer
from commands.customers.portfolio import HandOverCustomers, ListOpportunities, NotTheirs
from commands.opportunities.opportunity import (
    AdvanceOpportunity,
    LoseOpportunity,
    OpenOpportunity,
    WinOpportunity,
)
from commands.organisation.rep import DismissRep, HireRep

hand_over = ReassignCustomer(id="C1", owner="wu", reason="Li leaves")


def deal(name: str, customer: str = "C1", rep: str | None = None) -> OpenOpportunity:
    what = {"title": "Tea", "amount": 1, "currency": "CNY", "rep": rep}
    return OpenOpportunity.model_validate({"id": name, "customer": customer, **what})


def a_world() -> World:
    """Li has the deals A and B of C1 and C of C2, Qi has D of C1; E and F of C1 are closed."""
    world = World()
    reps = [HireRep(id=who, name=who, department=who, region=who) for who in ("li", "wu", "qi")]
    shops: list[Command] = [
        RegisterCustomer(id=name, name=name, customer_kind="dealer", owner="li")
        for name in ("C1", "C2")
    ]
    deals = [deal(name) for name in ("A", "B", "E", "F")]
    others = deal("C", "C2"), deal("D", rep="qi")
    closed = WinOpportunity(id="E"), LoseOpportunity(id="F", reason="price")
    world.ask(*reps, *shops, *deals, *others, *closed)
    return world


def whose(world: World) -> str:
    """Whose the deals A to F are."""
    return " ".join(world.load(Opportunity, name).stamp.rep for name in "ABCDEF")


def test_a_customer_takes_the_open_deals_of_its_owner_along() -> None:
    world = a_world()
    _, *moved = world.ask(hand_over)
    assert [type(event) for event in moved] == [OpportunityReassigned] * 2
    assert whose(world) == "wu wu li qi li li"
    assert world.load(Opportunity, "A").stamp[2:] == ("wu", "wu", "wu")
    assert world.ask(hand_over) == ()


def test_the_deals_stay_where_they_are_if_so_told() -> None:
    world = a_world()
    (only,) = world.ask(hand_over.model_copy(update={"opportunities": False}))
    assert type(only).__name__ == "CustomerReassigned"
    assert whose(world) == "li li li qi li li"


def test_who_leaves_hands_over_all_his_customers_at_once() -> None:
    world = a_world()
    leave = HandOverCustomers(id="li", owner="wu", customers=("C1", "C2"), reason="retired")
    world.ask(DismissRep(id="li", reason="retired"), leave)
    assert whose(world) == "wu wu wu qi li li"
    assert [world.load(Customer, name).owner for name in ("C1", "C2")] == ["wu", "wu"]
    assert world.ask(leave) == ()


@pytest.mark.parametrize(("owner", "to", "why"), [("qi", "wu", NotTheirs), ("li", "qi", RepGone)])
def test_what_is_somebody_elses_is_not_handed_over(owner: str, to: str, why: type[Refused]) -> None:
    world = a_world()
    world.ask(DismissRep(id="qi", reason="retired"))
    leave = HandOverCustomers(id=owner, owner=to, customers=("C1",), reason="x")
    world.refuses(leave, why)


def test_deals_of_an_older_build_are_listed_once_they_are_touched_or_told() -> None:
    world = a_world()
    del world.streams["portfolio-C1"]
    world.states.clear()
    _, listed = world.ask(AdvanceOpportunity(id="A", stage="proposal"))
    assert listed == OpportunityListed("A")
    tell = ListOpportunities(id="C1", opportunities=("A", "B", "D"))
    assert world.ask(tell) == (OpportunityListed("B"), OpportunityListed("D"))
    assert world.ask(tell) == ()
    assert world.load(Portfolio, "C1").open == ("A", "B", "D")
    world.refuses(tell.model_copy(update={"opportunities": ("C",)}), NotTheirs)
    world.refuses(tell.model_copy(update={"opportunities": ("E",)}), OpportunityClosed)
