"""Collisions: which leads may be somebody else's customer or deal, and what was ruled."""

from typing import Annotated, Any, Literal, NamedTuple

from aggregates.leads.collision import (
    Collision,
    CollisionFound,
    CollisionRuled,
    OtherKind,
    Ruling,
)
from aggregates.marks import BasisPoints
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import BLANK, INDEXED, INSTANT, names, taking
from projections.engine.scopes import BY_OWNER


class Row(NamedTuple):
    lead: Annotated[str, names("lead")] = ""
    lead_owner: Annotated[str, names("rep")] = ""
    other_kind: Annotated[OtherKind, INDEXED] = BLANK
    other: Annotated[str, INDEXED] = ""
    owner: Annotated[str, names("rep")] = ""
    department: Annotated[str, names("department")] = ""
    region: Annotated[str, names("region")] = ""
    opportunities: tuple[str, ...] = ()
    likeness_bp: BasisPoints = 0
    by: tuple[str, ...] = ()
    status: Annotated[Literal["open", "ruled"], INDEXED] = "open"
    ruling: Annotated[Ruling | None, INDEXED] = None
    reason: str | None = None
    ruled_by: Annotated[str | None, names("account")] = None
    found_at: Annotated[int, INSTANT, INDEXED] = 0
    ruled_at: Annotated[int | None, INSTANT] = None


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    match event:
        case CollisionFound(other=other):
            found = taking(row, event, "other")
            return found._replace(other=other.id, found_at=recorded.occurred_at)
        case CollisionRuled(ruling=ruling, reason=reason):
            ruled = row._replace(status="ruled", ruling=ruling, reason=reason)
            return ruled._replace(ruled_by=recorded.actor, ruled_at=recorded.occurred_at)
    raise TypeError(f"{type(event).__name__} is no event of a collision")


record = Record("collisions", Collision, Row, fold, scope=BY_OWNER)
