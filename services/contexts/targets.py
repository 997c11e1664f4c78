"""Who sold how much, against whom and against what was planned."""

from projections.targets import rankings
from services.contexts import Context

targets = Context("targets", figures=rankings.figures)
