"""Lots: of which product, until when they are sold, and whether they are held back."""

from datetime import date
from typing import Annotated, Any, Literal, NamedTuple

from aggregates.inventory.lot import (
    LotExpiryCorrected,
    LotQuarantined,
    LotRegistered,
    LotReleased,
    ProductLot,
)
from aggregates.validity import LastDay
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import INDEXED, INSTANT, SEARCHED, names


class Row(NamedTuple):
    """What has expired is told by the day; `status` is what somebody decided."""

    item: Annotated[str, names("product")] = ""
    lot: Annotated[str, SEARCHED, INDEXED] = ""
    expires_on: LastDay = None
    status: Annotated[Literal["released", "quarantined"], INDEXED] = "released"
    reason: str | None = None
    registered_at: Annotated[int, INSTANT] = 0


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    match event:
        case LotRegistered(item, lot, expires_on):
            return Row(item, lot, _text(expires_on), registered_at=recorded.occurred_at)
        case LotExpiryCorrected(_, expires_on):
            return row._replace(expires_on=_text(expires_on))
        case LotQuarantined(_, reason):
            return row._replace(status="quarantined", reason=reason)
        case LotReleased(_, reason):
            return row._replace(status="released", reason=reason)
    raise TypeError(f"{type(event).__name__} is no event of a lot")


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


record = Record("lots", ProductLot, Row, fold, scope={})
