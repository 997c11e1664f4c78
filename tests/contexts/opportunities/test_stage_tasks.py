"""Stage tasks: whatever is asked in whatever order, a strict stage is left when all is done."""

from hypothesis import given, settings
from hypothesis import strategies as st
from scenario import World

from aggregates import Refused
from aggregates.opportunities.opportunity import Opportunity, OpportunityAdvanced
from commands import Command
from commands.customers.customer import RegisterCustomer
from commands.opportunities.opportunity import (
    AdvanceOpportunity,
    CompleteStageTask,
    FollowMilestone,
    OpenOpportunity,
    ReopenStageTask,
)
from commands.opportunities.pipeline import DefinePipeline, NewStageTask, Stage
from commands.organisation.rep import HireRep

STAGES = ("seen", "tried", "sure")
TASKS = ("call", "visit", "taste")
PIPELINE = (
    Stage(
        stage="seen",
        tasks=(
            NewStageTask(stage_task="call", title="Call"),
            NewStageTask(stage_task="visit", title="Visit", milestone=True),
        ),
    ),
    Stage(
        stage="tried",
        tasks=(NewStageTask(stage_task="taste", title="Taste", milestone=True),),
    ),
    Stage(stage="sure"),
)
STEPS = st.one_of(
    st.sampled_from(STAGES).map(lambda stage: AdvanceOpportunity(id="D", stage=stage)),
    st.sampled_from(TASKS).map(lambda task: CompleteStageTask(id="D", stage_task=task)),
    st.sampled_from(TASKS).map(lambda task: ReopenStageTask(id="D", stage_task=task, reason="no")),
    st.just(FollowMilestone(id="D")),
)


def company() -> World:
    world = World()
    world.ask(
        HireRep(id="li", name="Li", department="east", region="north"),
        RegisterCustomer(id="C", name="C", customer_kind="retailer", owner="li"),
        DefinePipeline(id="own", stages=PIPELINE, gate="strict"),
        OpenOpportunity(id="D", customer="C", title="T", pipeline="own", amount=1, currency="CNY"),
    )
    return world


@settings(max_examples=60)
@given(st.lists(STEPS, max_size=14))
def test_a_strict_stage_is_passed_with_all_its_tasks_done_and_once_by_each_milestone(
    steps: list[Command],
) -> None:
    world, completed = company(), 0
    for step in steps:
        before: Opportunity = world.load(Opportunity, "D")
        try:
            events = world.ask(step)
        except Refused:
            continue
        completed += isinstance(step, CompleteStageTask) and bool(events)
        for event in events:
            if isinstance(event, OpportunityAdvanced) and event.forward:
                passed = STAGES[STAGES.index(event.from_stage) : STAGES.index(event.stage)]
                wanted = {one.stage_task for one in before.tasks.every if one.stage in passed}
                assert wanted <= before.tasks.done.keys()
    moves = [one for one in world.streams["opportunity-D"] if isinstance(one, OpportunityAdvanced)]
    assert sum(one.milestone is not None for one in moves) <= completed
    world.ask(FollowMilestone(id="D"))
    assert world.ask(FollowMilestone(id="D")) == () or world.load(Opportunity, "D").stage == "sure"
