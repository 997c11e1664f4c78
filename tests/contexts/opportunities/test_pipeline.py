"""A pipeline of the company's own: its stages in their order, for what is opened from then on."""

import pytest
from pydantic import ValidationError
from scenario import World, given

from aggregates import Unknown
from aggregates.opportunities.opportunity import NoSuchStage, OpportunityAdvanced, OpportunityOpened
from aggregates.opportunities.pipeline import PipelineDefined, PipelineStage
from commands.customers.customer import RegisterCustomer
from commands.opportunities.opportunity import AdvanceOpportunity, OpenOpportunity
from commands.opportunities.pipeline import DefinePipeline, Stage
from commands.organisation.rep import HireRep

FAIR = Stage(stage="seen", probability_bp=1000), Stage(stage="sampled", probability_bp=5000)
define = DefinePipeline(id="fair", stages=FAIR)
DEFINED = PipelineDefined((PipelineStage("seen", 1000), PipelineStage("sampled", 5000)))
deal = OpenOpportunity(
    id="P1", customer="C1", title="Tea", pipeline="fair", amount=1, currency="CNY"
)


def a_world() -> World:
    world = World()
    hire = HireRep(id="li", name="Li", department="east", region="shanghai")
    world.ask(hire, RegisterCustomer(id="C1", name="Shop", customer_kind="dealer", owner="li"))
    return world


def test_a_pipeline_is_defined_and_changed() -> None:
    given().when(define).then(DEFINED)
    given(DEFINED).when(define).then()
    shorter = DefinePipeline(id="fair", stages=FAIR[:1])
    given(DEFINED).when(shorter).then(PipelineDefined((PipelineStage("seen", 1000),)))


def test_a_deal_goes_through_the_stages_that_were_defined_when_it_was_opened() -> None:
    world = a_world()
    opened, _ = world.ask(define, deal)
    assert isinstance(opened, OpportunityOpened)
    assert (opened.stage, opened.stages) == ("seen", ("seen", "sampled"))
    assert opened.probabilities == (1000, 5000)
    changed = DefinePipeline(id="fair", stages=(Stage(stage="met"), Stage(stage="tried")))
    (advanced,) = world.ask(changed, AdvanceOpportunity(id="P1", stage="sampled"))
    assert isinstance(advanced, OpportunityAdvanced)
    world.refuses(AdvanceOpportunity(id="P1", stage="tried"), NoSuchStage)
    later, _ = world.ask(deal.model_copy(update={"id": "P2"}))
    assert isinstance(later, OpportunityOpened)
    assert (later.stages, later.probabilities) == (("met", "tried"), None)


def test_a_pipeline_that_nobody_defined_is_refused_but_the_built_in_ones_are_there() -> None:
    world = a_world()
    world.refuses(deal, Unknown)
    opened, _ = world.ask(deal.model_copy(update={"pipeline": "tender"}))
    assert isinstance(opened, OpportunityOpened)
    assert opened.stage == "announced"


@pytest.mark.parametrize("stage", ["seen", "won", "lost"])
def test_each_stage_has_a_name_of_its_own(stage: str) -> None:
    with pytest.raises(ValidationError, match="a name of its own"):
        DefinePipeline(id="fair", stages=(*FAIR, Stage(stage=stage)))
