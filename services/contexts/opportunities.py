"""Deals on their way through the stages of a pipeline."""

from aggregates.opportunities.opportunity import Opportunity
from aggregates.opportunities.pipeline import Pipeline
from commands.opportunities import opportunity, pipeline
from projections.opportunities import deals, funnel
from services.contexts import Context

opportunities = Context(
    "opportunities",
    kinds=(Opportunity, Pipeline),
    commands=(opportunity, pipeline),
    figures=(funnel.view, deals.view),
)
