"""Deals on their way through the stages of a pipeline."""

from aggregates.opportunities.methods import DealTypes
from aggregates.opportunities.numbers import OpportunityNumbers
from aggregates.opportunities.opportunity import Opportunity, OpportunityReassigned
from aggregates.opportunities.pipeline import Pipeline
from commands.opportunities import opportunity, pipeline
from projections.opportunities import cohorts, funnel, open_deals, series
from projections.opportunities import opportunity as opportunity_record
from projections.opportunities import pipeline as pipeline_record
from services.contexts import Context
from services.notices.declared import Notice, taker
from services.processes.opportunities import milestones

opportunities = Context(
    "opportunities",
    kinds=(Opportunity, Pipeline),
    commands=(opportunity, pipeline),
    records=(opportunity_record.record, pipeline_record.record),
    figures=(funnel.figure, series.figure, cohorts.figure, open_deals.figure),
    processes=(milestones.process,),
    settings=(OpportunityNumbers, DealTypes),
    notices=(Notice("opportunity-handed-over", (OpportunityReassigned,), taker("rep")),),
)
