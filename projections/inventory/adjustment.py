"""Adjustments that were requested: of what, why, and how far they are."""

from typing import Annotated, Any, Literal, NamedTuple

from aggregates.inventory.adjustment import (
    AdjustmentMade,
    AdjustmentRefused,
    AdjustmentRequested,
    AdjustmentReversed,
    AdjustmentWithdrawn,
    StockAdjustment,
)
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import INDEXED, INSTANT, names, taking

Status = Literal["requested", "made", "refused", "withdrawn", "reversed"]


class Row(NamedTuple):
    location: Annotated[str, INDEXED] = ""
    item: Annotated[str, names("product")] = ""
    quantity: int = 0
    reason: str = ""
    status: Annotated[Status, INDEXED] = "requested"
    refused_for: str | None = None
    reversed_for: str | None = None
    requested_at: Annotated[int, INSTANT] = 0


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    match event:
        case AdjustmentRequested():
            return taking(row, event)._replace(requested_at=recorded.occurred_at)
        case AdjustmentMade():
            return row._replace(status="made")
        case AdjustmentRefused(reason):
            return row._replace(status="refused", refused_for=reason)
        case AdjustmentWithdrawn():
            return row._replace(status="withdrawn")
        case AdjustmentReversed(reason):
            return row._replace(status="reversed", reversed_for=reason)
    raise TypeError(f"{type(event).__name__} is no event of an adjustment")


record = Record("adjustments", StockAdjustment, Row, fold, scope={"dealer": "location"})
