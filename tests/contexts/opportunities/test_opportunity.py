"""An opportunity moves through its pipeline's stages until it is won or lost for good."""

from datetime import date, datetime, timedelta
from typing import Self

import scenario
from scenario import NOON, World

from aggregates import ReferenceTaken, Unknown
from aggregates.catalog.product import ProductAdded
from aggregates.customers.customer import CustomerRegistered
from aggregates.customers.portfolio import OpportunityDelisted, OpportunityListed, Portfolio
from aggregates.opportunities.opportunity import (
    PIPELINES,
    ClosesBeforeOpened,
    NoSuchStage,
    Opportunity,
    OpportunityAdvanced,
    OpportunityClosed,
    OpportunityCorrected,
    OpportunityDetailsChanged,
    OpportunityLost,
    OpportunityOpened,
    OpportunityReassigned,
    OpportunityRescheduled,
    OpportunityRevalued,
    OpportunityWon,
    ReasonMissing,
)
from aggregates.organisation.rep import RepHired
from commands import Command
from commands.opportunities.opportunity import (
    AdvanceOpportunity,
    ChangeOpportunityDetails,
    LoseOpportunity,
    OpenOpportunity,
    ReassignOpportunity,
    RescheduleOpportunity,
    RevalueOpportunity,
    WinOpportunity,
)
from commands.opportunities.pipeline import DefinePipeline, Stage

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
WON = OpportunityWon("standard", "qualification", *STAMP, 0, "O1", "retailer", closed_at=NOON)
LOST = OpportunityLost(
    "standard", "qualification", *STAMP, 0, "price", None, "retailer", closed_at=NOON
)
HOUR = timedelta(hours=1)


class given(scenario.given):  # noqa: N801
    """Stories of an opportunity that its customer's list holds."""

    def when(self, command: Command, at: datetime = NOON) -> Self:
        super().when(command, at)
        self.world.streams["portfolio-C1"] = (OpportunityListed("P1"),)
        return self


open_it = OpenOpportunity(
    id="P1", customer="C1", title="Tea for the new hall", amount=5_000_00, currency="CNY"
)
advance = AdvanceOpportunity(id="P1", stage="proposal")
win = WinOpportunity(id="P1", order="O1")


def test_an_opportunity_keeps_what_kind_of_customer_it_came_from_and_how() -> None:
    found = CustomerRegistered("Shop", "wholesaler", *WHO, None, None, "fair")
    world = a_world()
    world.streams["customer-C1"] = (found,)
    opened, _ = world.ask(open_it)
    assert isinstance(opened, OpportunityOpened)
    assert (opened.customer_kind, opened.source) == ("wholesaler", "fair")
    won, _ = world.ask(win)
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


def test_an_opportunity_is_its_customers_owners_unless_told_otherwise() -> None:
    assert a_world().ask(open_it) == (OPENED, OpportunityListed("P1"))
    event, _ = a_world().ask(open_it.model_copy(update={"rep": "wu"}))
    assert isinstance(event, OpportunityOpened)
    assert (event.rep, event.department, event.region) == ("wu", "west", "chengdu")


def test_opening_again_does_nothing_and_one_id_is_not_two_opportunities() -> None:
    world = a_world()
    assert world.ask(open_it, open_it) == ()
    world.refuses(open_it.model_copy(update={"amount": 1}), ReferenceTaken)


def test_an_opportunity_needs_a_customer() -> None:
    World().refuses(open_it, Unknown)


def test_a_tender_has_stages_of_its_own() -> None:
    event, _ = a_world().ask(open_it.model_copy(update={"pipeline": "tender"}))
    assert isinstance(event, OpportunityOpened)
    assert event.stage == "announced"


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


def test_won_is_final() -> None:
    world = a_world()
    assert world.ask(open_it, win) == (WON, OpportunityDelisted("P1"))
    assert world.ask(win) == ()
    for command in (advance, LoseOpportunity(id="P1", reason="price")):
        given(OPENED, WON).when(command).refused(OpportunityClosed)
    given(OPENED, WON).when(WinOpportunity(id="P1")).refused(ReferenceTaken)


def test_lost_is_final_and_says_why() -> None:
    lose = LoseOpportunity(id="P1", reason="price")
    given(OPENED).when(lose).then(LOST, OpportunityDelisted("P1"))
    given(OPENED, LOST).when(lose).then()
    other = LoseOpportunity(id="P1", reason="timing", detail="next year")
    world = World({"opportunity-P1": (OPENED, LOST)})
    said = world.refuses(other, ReferenceTaken)
    assert "reason price, not timing; detail nothing, not next year" in said
    given(OPENED, LOST).when(win).refused(OpportunityClosed)
    given(OPENED).when(LoseOpportunity(id="P1", reason="other")).refused(ReasonMissing)


def test_nothing_happens_to_an_opportunity_that_is_not() -> None:
    given().when(advance).refused(Unknown)


def test_what_is_expected_to_close_before_it_was_opened_is_refused_with_both_dates() -> None:
    early = date(2026, 3, 1)
    world = a_world()
    said = world.refuses(open_it.model_copy(update={"expected_close": early}), ClosesBeforeOpened)
    assert "2026-03-02" in said
    assert "2026-03-01" in said
    reschedule = RescheduleOpportunity(id="P1", expected_close=early)
    given(OPENED).when(reschedule).refused(ClosesBeforeOpened)


def test_opened_again_with_another_date_or_rep_it_is_refused_and_says_what_differs() -> None:
    world = a_world()
    world.ask(open_it.model_copy(update={"expected_close": date(2026, 5, 1)}))
    other = open_it.model_copy(update={"expected_close": date(2026, 6, 1), "rep": "wu"})
    said = world.refuses(other, ReferenceTaken)
    assert "expected_close 2026-05-01, not 2026-06-01" in said
    assert "rep li, not wu" in said


def test_title_customer_and_products_are_corrected_and_the_customers_lists_follow() -> None:
    world = a_world()
    world.streams["customer-C2"] = world.streams["customer-C1"]
    world.streams["product-I1"] = (ProductAdded("Tea", "x", "box", None, 1, None, "CNY"),)
    change = ChangeOpportunityDetails(id="P1", customer="C2", products=("I1",))
    changed = OpportunityDetailsChanged("Tea for the new hall", "C2", ("I1",))
    left, came = OpportunityDelisted("P1"), OpportunityListed("P1")
    assert world.ask(open_it, change) == (changed, left, came)
    assert world.load(Portfolio, "C1").open == ()
    assert world.load(Portfolio, "C2").open == ("P1",)
    assert world.ask(change) == ()
    world.refuses(ChangeOpportunityDetails(id="P1", customer="C9"), Unknown)
    world.refuses(ChangeOpportunityDetails(id="P1", products=("I9",)), Unknown)


def test_currency_and_pipeline_are_corrected_while_it_is_open() -> None:
    world = a_world()
    world.ask(open_it)
    about = ChangeOpportunityDetails(id="P1", currency="USD", pipeline="tender")
    before, opened = ("standard", "qualification", "CNY"), world.load(Opportunity, "P1").opened
    there = "tender", PIPELINES["tender"], "announced"
    came = opened.amount, opened.customer_kind, opened.source
    corrected = OpportunityCorrected(*before, *there, 5_000_00, "USD", *WHO, *came)
    assert world.ask(about) == (corrected,)
    assert world.ask(about) == world.ask(ChangeOpportunityDetails(id="P1", currency="USD")) == ()
    world.refuses(AdvanceOpportunity(id="P1", stage="proposal"), NoSuchStage)
    (moved,) = world.ask(AdvanceOpportunity(id="P1", stage="submitted"))
    assert (moved.pipeline, moved.currency) == ("tender", "USD")
    world.refuses(ChangeOpportunityDetails(id="P1", pipeline="none"), Unknown)
    world.ask(WinOpportunity(id="P1"))
    world.refuses(ChangeOpportunityDetails(id="P1", currency="EUR"), OpportunityClosed)


def test_in_another_pipeline_it_stays_in_the_stage_of_that_name() -> None:
    world = a_world()
    stages = (Stage(stage="visit"), Stage(stage="proposal"))
    world.ask(DefinePipeline(id="own", stages=stages), open_it)
    world.ask(AdvanceOpportunity(id="P1", stage="proposal"))
    (corrected,) = world.ask(ChangeOpportunityDetails(id="P1", pipeline="own"))
    assert (corrected.pipeline, corrected.stage) == ("own", "proposal")
    assert corrected.stages == ("visit", "proposal")


def test_an_opportunity_may_say_which_products_it_is_about() -> None:
    world = a_world()
    about = open_it.model_copy(update={"products": ("I1",)})
    world.refuses(about, Unknown)
    world.streams["product-I1"] = (ProductAdded("Tea", "x", "box", None, 1, None, "CNY"),)
    world.states.clear()
    opened, _ = world.ask(about)
    assert isinstance(opened, OpportunityOpened)
    assert opened.products == ("I1",)
