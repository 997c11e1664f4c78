"""Leads: what was found on the way, who has it and why, and what became of it."""

from typing import Annotated, Any, NamedTuple

from aggregates.leads.lead import Lead, LeadStatus
from aggregates.leads.lead.events import (
    AssignmentWay,
    DisqualifyReason,
    LeadAssigned,
    LeadCaptured,
    LeadConversionHeld,
    LeadConverted,
    LeadDetailsChanged,
    LeadDisqualified,
    LeadLeftWaiting,
    LeadNurtured,
    LeadQualified,
    LeadResumed,
    Waiting,
)
from aggregates.leads.sources import LeadSource
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import (
    BLANK,
    BY_READING,
    DAY,
    INDEXED,
    INSTANT,
    MONEY,
    OF_PERSON,
    SEARCHED,
    names,
    taking,
)
from projections.engine.scopes import BY_OWNER


class Row(NamedTuple):
    title: Annotated[str, SEARCHED, BY_READING] = ""
    status: Annotated[LeadStatus, INDEXED] = "open"
    source: Annotated[LeadSource, INDEXED] = BLANK
    campaign: Annotated[str | None, SEARCHED] = None
    appointment: Annotated[str | None, names("appointment")] = None
    need: Annotated[str | None, SEARCHED] = None
    company: Annotated[str | None, SEARCHED, INDEXED] = None
    contact_name: Annotated[str | None, OF_PERSON] = None
    phone: Annotated[str | None, OF_PERSON] = None
    email: Annotated[str | None, OF_PERSON] = None
    address: Annotated[str | None, OF_PERSON] = None
    tax_id: str | None = None
    customer: Annotated[str | None, names("customer")] = None
    products: tuple[str, ...] = ()
    amount: Annotated[int | None, MONEY] = None
    currency: str | None = None
    owner: Annotated[str, names("rep")] = ""
    department: Annotated[str, names("department")] = ""
    region: Annotated[str, names("region")] = ""
    way: AssignmentWay | None = None
    rule: str | None = None
    load: int | None = None
    cap: int | None = None
    assignment_reason: str | None = None
    waiting: Annotated[Waiting | None, INDEXED] = None
    captured_by: Annotated[str | None, names("rep")] = None
    captured_at: Annotated[int, INSTANT, INDEXED] = 0
    assigned_at: Annotated[int | None, INSTANT, INDEXED] = None
    comment: str | None = None
    until: Annotated[str | None, DAY, INDEXED] = None
    reason: Annotated[str | None, SEARCHED] = None
    disqualified: Annotated[DisqualifyReason | None, INDEXED] = None
    contact: str | None = None
    opportunity: Annotated[str | None, names("opportunity")] = None
    collisions: int = 0
    converted_at: Annotated[int | None, INSTANT, INDEXED] = None


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    match event:
        case LeadCaptured():
            born = taking(row, event, "department", "region", "owner")
            born = born._replace(department=event.department or "", region=event.region or "")
            return born._replace(captured_at=recorded.occurred_at)
        case LeadDetailsChanged():
            return taking(row, event)
        case LeadAssigned():
            given = taking(row, event, "reason")._replace(assignment_reason=event.reason)
            return given._replace(waiting=None, assigned_at=recorded.occurred_at)
        case LeadLeftWaiting(waiting, rule):
            return row._replace(waiting=waiting, rule=rule)
        case LeadQualified(comment=comment):
            return row._replace(status="qualified", comment=comment, until=None, reason=None)
        case LeadNurtured():
            return taking(row, event)._replace(status="nurturing")
        case LeadResumed(reason=reason):
            return row._replace(status="open", until=None, reason=reason, disqualified=None)
        case LeadDisqualified(reason=reason, detail=detail):
            over = row._replace(status="disqualified", disqualified=reason, reason=detail)
            return over._replace(until=None)
        case LeadConversionHeld(collisions):
            return row._replace(collisions=collisions)
        case LeadConverted():
            done = taking(row, event)._replace(status="converted")
            return done._replace(converted_at=recorded.occurred_at)
    raise TypeError(f"{type(event).__name__} is no event of a lead")


record = Record("leads", Lead, Row, fold, scope=BY_OWNER)
