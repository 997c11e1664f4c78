"""Who sold how much, against whom and against what was planned."""

from aggregates.targets.breakdown import BreakdownSettings
from aggregates.targets.numbers import TargetNumbers
from aggregates.targets.target import Target
from commands.targets import breakdown, target
from projections.targets import attainment, rankings, results
from projections.targets import target as target_record
from services.contexts import Context

targets = Context(
    "targets",
    kinds=(Target,),
    commands=(target, breakdown),
    records=(target_record.record,),
    figures=(*rankings.figures, results.figure, attainment.figure),
    settings=(BreakdownSettings, TargetNumbers),
)
