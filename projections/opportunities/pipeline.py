"""Pipelines of the company's own: their stages in order, and how likely each is to be won."""

from typing import Annotated, Any, NamedTuple

from aggregates.opportunities.pipeline import Pipeline
from aggregates.opportunities.stage_tasks import Gate
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import INSTANT, plain


class Row(NamedTuple):
    stages: tuple[dict[str, Any], ...] = ()
    defined_at: Annotated[int, INSTANT] = 0
    gate: Gate = "free"


def fold(_: Row, recorded: Recorded, event: Any) -> Row:
    return Row(plain(event.stages), recorded.occurred_at, event.gate)


record = Record("pipelines", Pipeline, Row, fold, scope={})
