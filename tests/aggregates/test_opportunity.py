"""An opportunity moves through its pipeline's stages until it is won or lost for good."""

from datetime import date, timedelta

import pytest
from scenario import NOON, World, given

from aggregates import Unknown
from aggregates.customer import CustomerRegistered
from aggregates.opportunity import (
    PIPELINES,
    NoSuchStage,
    OpportunityAdvanced,
    OpportunityClosed,
    OpportunityLost,
    OpportunityOpened,
    OpportunityReassigned,
    OpportunityRescheduled,
    OpportunityRevalued,
    OpportunityTaken,
    OpportunityWon,
    ReasonMissing,
)
from aggregates.rep import RepHired
from commands.opportunity import (
    AdvanceOpportunity,
    LoseOpportunity,
    OpenOpportunity,
    ReassignOpportunity,
    RescheduleOpportunity,
    RevalueOpportunity,
    WinOpportunity,
)

WHO = "li", "east", "shanghai"
STAMP = 5_000_00, "CNY", *WHO
OPENED = OpportunityOpened(
    "C1",
    "Tea for the new hall",
    "standard",
    PIPELINES["standard"],
    "qualification",
    5_000_00,
    "CNY",
    None,
    *WHO,
    NOON,
    "retailer",
)
WON = OpportunityWon("standard", "qualification", *STAMP, 0, "O1", "retailer")
LOST = OpportunityLost("standard", "qualification", *STAMP, 0, "price", None, "retailer")
HOUR = timedelta(hours=1)
open_it = OpenOpportunity(
    id="P1", customer="C1", title="Tea for the new hall", amount=5_000_00, currency="CNY"
)
advance = AdvanceOpportunity(id="P1", stage="proposal")
win = WinOpportunity(id="P1", order="O1")


def test_an_opportunity_keeps_what_kind_of_customer_it_came_from_and_how() -> None:
    found = CustomerRegistered("Shop", "wholesaler", *WHO, None, None, "fair")
    world = a_world()
    world.streams["customer-C1"] = (found,)
    (opened,) = world.ask(open_it)
    assert isinstance(opened, OpportunityOpened)
    assert (opened.customer_kind, opened.source) == ("wholesaler", "fair")
    (won,) = world.ask(win)
    assert isinstance(won, OpportunityWon)
    assert (won.customer_kind, won.source) == ("wholesaler", "fair")


def a_world() -> World:
    return World(
        {
            "rep-li": (RepHired("Li", "east", "shanghai", None),),
            "rep-wu": (RepHired("Wu", "west", "chengdu", None),),
            "customer-C1": (CustomerRegistered("Shop", "retailer", *WHO, None, None, None),),
        }
    )


@pytest.mark.capability("OP-01", "OP-02")
def test_an_opportunity_is_its_customers_owners_unless_told_otherwise() -> None:
    assert a_world().ask(open_it) == (OPENED,)
    (event,) = a_world().ask(open_it.model_copy(update={"rep": "wu"}))
    assert isinstance(event, OpportunityOpened)
    assert (event.rep, event.department, event.region) == ("wu", "west", "chengdu")


def test_opening_again_does_nothing_and_one_id_is_not_two_opportunities() -> None:
    world = a_world()
    assert world.ask(open_it, open_it) == ()
    world.refuses(open_it.model_copy(update={"amount": 1}), OpportunityTaken)


def test_an_opportunity_needs_a_customer() -> None:
    World().refuses(open_it, Unknown)


@pytest.mark.capability("OP-03")
def test_a_tender_has_stages_of_its_own() -> None:
    (event,) = a_world().ask(open_it.model_copy(update={"pipeline": "tender"}))
    assert isinstance(event, OpportunityOpened)
    assert event.stage == "announced"


@pytest.mark.capability("OP-02")
def test_a_stage_is_entered_once_and_says_how_long_the_last_one_took() -> None:
    later = NOON + HOUR
    advanced = OpportunityAdvanced(
        "standard", "qualification", "proposal", *STAMP, 3600, later, True
    )
    given(OPENED).when(advance, later).then(advanced)
    given(OPENED, advanced).when(advance, later).then()
    back = AdvanceOpportunity(id="P1", stage="qualification")
    returned = OpportunityAdvanced(
        "standard", "proposal", "qualification", *STAMP, 3600, later + HOUR, False
    )
    given(OPENED, advanced).when(back, later + HOUR).then(returned)


def test_time_in_a_stage_is_what_the_dates_say() -> None:
    early = NOON - HOUR
    advanced = OpportunityAdvanced(
        "standard", "qualification", "proposal", *STAMP, -3600, early, True
    )
    given(OPENED).when(advance, early).then(advanced)


def test_another_pipelines_stage_is_refused() -> None:
    given(OPENED).when(AdvanceOpportunity(id="P1", stage="shortlisted")).refused(NoSuchStage)


def test_amount_date_and_rep_change_once() -> None:
    revalue = RevalueOpportunity(id="P1", amount=7)
    revalued = OpportunityRevalued("standard", "qualification", 5_000_00, 7, *STAMP[1:])
    given(OPENED).when(revalue).then(revalued)
    given(OPENED, revalued).when(revalue).then()
    day = date(2026, 5, 1)
    reschedule = RescheduleOpportunity(id="P1", expected_close=day)
    given(OPENED).when(reschedule).then(OpportunityRescheduled(None, day))
    given(OPENED, OpportunityRescheduled(None, day)).when(reschedule).then()


def test_a_reassignment_carries_the_figure_from_one_rep_to_the_other() -> None:
    world = a_world()
    hand_over = ReassignOpportunity(id="P1", rep="wu")
    after = "wu", "west", "chengdu"
    expected = OpportunityReassigned("standard", "qualification", 5_000_00, "CNY", *WHO, *after)
    assert world.ask(open_it, hand_over) == (expected,)
    assert world.ask(hand_over) == ()


@pytest.mark.capability("OP-01")
def test_won_is_final() -> None:
    world = a_world()
    assert world.ask(open_it, win) == (WON,)
    assert world.ask(win) == ()
    for command in (advance, LoseOpportunity(id="P1", reason="price"), WinOpportunity(id="P1")):
        given(OPENED, WON).when(command).refused(OpportunityClosed)


def test_lost_is_final_and_says_why() -> None:
    lose = LoseOpportunity(id="P1", reason="price")
    given(OPENED).when(lose).then(LOST)
    given(OPENED, LOST).when(lose).then()
    given(OPENED, LOST).when(win).refused(OpportunityClosed)
    given(OPENED).when(LoseOpportunity(id="P1", reason="other")).refused(ReasonMissing)


def test_nothing_happens_to_an_opportunity_that_is_not() -> None:
    given().when(advance).refused(Unknown)
