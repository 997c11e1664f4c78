"""Pipelines of the company's own: their stages in order, and how likely each is to be won."""

from typing import Annotated, Any, NamedTuple

from aggregates.opportunities.pipeline import Pipeline
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import INSTANT, plain


class Row(NamedTuple):
    stages: tuple[dict[str, Any], ...] = ()
    defined_at: Annotated[int, INSTANT] = 0


def fold(_: Row, recorded: Recorded, event: Any) -> Row:
    return Row(plain(event.stages), recorded.occurred_at)


record = Record("pipelines", Pipeline, Row, fold, scope={})
