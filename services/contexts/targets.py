"""Who sold how much, against whom and against what was planned."""

from aggregates.targets.breakdown import BreakdownSettings
from aggregates.targets.numbers import ReviewNumbers, TargetNumbers
from aggregates.targets.review import PerformanceReview, ReviewRevised, ReviewWritten
from aggregates.targets.target import Target
from aggregates.targets.target_key import TargetKey
from commands.targets import breakdown, review, target
from projections.targets import agreements, attainment, rankings, results
from projections.targets import review as review_record
from projections.targets import target as target_record
from services.contexts import Context
from services.notices.declared import Notice, person_in

targets = Context(
    "targets",
    kinds=(Target, TargetKey, PerformanceReview),
    commands=(target, breakdown, review),
    records=(target_record.record, review_record.record),
    figures=(*rankings.figures, results.figure, attainment.figure, agreements.figure),
    settings=(BreakdownSettings, TargetNumbers, ReviewNumbers),
    notices=(Notice("review-written", (ReviewWritten, ReviewRevised), person_in("rep")),),
)
