"""Member leads: whom campaigns have reached, and who became a member."""

from typing import Annotated, Any, Literal, NamedTuple

from aggregates.loyalty.member_lead import (
    MemberLead,
    MemberLeadCaptured,
    MemberLeadDropped,
    MemberLeadEnrolled,
)
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import INDEXED, INSTANT, OF_PERSON, Name, names, taking


class Row(NamedTuple):
    name: Annotated[Name | None, OF_PERSON] = None
    phone: Annotated[str | None, OF_PERSON] = None
    campaign: Annotated[str, INDEXED] = ""
    dealer: Annotated[str | None, names("customer")] = None
    status: Annotated[Literal["open", "enrolled", "dropped"], INDEXED] = "open"
    member: Annotated[str | None, names("member")] = None
    reason: str | None = None
    captured_at: Annotated[int, INSTANT, INDEXED] = 0


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    match event:
        case MemberLeadCaptured():
            return taking(row, event)._replace(captured_at=recorded.occurred_at)
        case MemberLeadEnrolled(member):
            return row._replace(status="enrolled", member=member)
        case MemberLeadDropped(reason):
            return row._replace(status="dropped", reason=reason)
    raise TypeError(f"{type(event).__name__} is no event of a member lead")


record = Record("member_leads", MemberLead, Row, fold, scope={"dealer": "dealer"})
