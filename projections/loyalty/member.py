"""Members: who they are, and where they buy. Points are figures, and no part of this."""

from typing import Annotated, Any, NamedTuple

from aggregates.loyalty.member import (
    Member,
    MemberDetailsChanged,
    MemberEnrolled,
    MemberTierSet,
    MemberWithdrawn,
)
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import (
    HIDES,
    INDEXED,
    INSTANT,
    OF_PERSON,
    Name,
    names,
    taking,
)


class Row(NamedTuple):
    name: Annotated[Name | None, OF_PERSON] = None
    phone: Annotated[str | None, OF_PERSON] = None
    dealer: Annotated[str | None, names("customer")] = None
    program: Annotated[str, INDEXED] = ""
    enrolled_at: Annotated[int, INSTANT, INDEXED] = 0
    withdrawn: Annotated[str | None, HIDES] = None
    tier: Annotated[str | None, INDEXED] = None


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    match event:
        case MemberWithdrawn(reason):
            return row._replace(withdrawn=reason)
        case MemberEnrolled():
            return taking(Row(), event)._replace(enrolled_at=recorded.occurred_at)
        case MemberDetailsChanged() | MemberTierSet():
            return taking(row, event)
        case _:
            return row


record = Record("members", Member, Row, fold, sparse=True, scope={"dealer": "dealer"})
