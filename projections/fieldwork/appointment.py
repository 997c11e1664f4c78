"""Appointments: who meets whom, when and where, and what came of it."""

from typing import Annotated, Any, Literal, NamedTuple

from aggregates.fieldwork.appointment import Appointment
from aggregates.fieldwork.appointment.events import (
    AppointmentCancelled,
    AppointmentHeld,
    AppointmentKind,
    AppointmentMoved,
    AppointmentPlanned,
    AppointmentReassigned,
    AppointmentReminded,
)
from infra.clock import micros
from infra.events import Recorded
from projections.engine.record import Record
from projections.engine.record_fields import INDEXED, INSTANT, SEARCHED, Name, names, taking
from projections.engine.scopes import BY_OWNER

AppointmentStatus = Literal["planned", "held", "cancelled"]
INSTANTS = "starts_at", "ends_at"


class Row(NamedTuple):
    title: Name = ""
    text: Annotated[str | None, SEARCHED] = None
    appointment_kind: Annotated[AppointmentKind, INDEXED] = "visit"
    status: Annotated[AppointmentStatus, INDEXED] = "planned"
    owner: Annotated[str, names("rep")] = ""
    department: Annotated[str, names("department")] = ""
    region: Annotated[str, names("region")] = ""
    participants: Annotated[tuple[str, ...], names("rep")] = ()
    starts_at: Annotated[int, INSTANT, INDEXED] = 0
    ends_at: Annotated[int, INSTANT] = 0
    zone: str = ""
    place: Annotated[str | None, SEARCHED] = None
    customer: Annotated[str | None, names("customer")] = None
    opportunity: Annotated[str | None, names("opportunity")] = None
    overlaps: tuple[str, ...] = ()
    result: str | None = None
    check_in: str | None = None
    reason: str | None = None
    planned_at: Annotated[int, INSTANT] = 0


def fold(row: Row, recorded: Recorded, event: Any) -> Row:
    match event:
        case AppointmentPlanned():
            planned = _timed(taking(row, event, *INSTANTS), event)
            return planned._replace(planned_at=recorded.occurred_at)
        case AppointmentMoved():
            return _timed(taking(row, event, *INSTANTS), event)
        case AppointmentReassigned(owner=owner):
            others = tuple(one for one in row.participants if one != owner)
            return taking(row, event)._replace(participants=others)
        case AppointmentHeld():
            return taking(row, event, *INSTANTS)._replace(status="held")
        case AppointmentCancelled():
            return taking(row, event)._replace(status="cancelled")
        case AppointmentReminded():
            return row
        case _:
            return taking(row, event)


def _timed(row: Row, event: AppointmentPlanned | AppointmentMoved) -> Row:
    return row._replace(starts_at=micros(event.starts_at), ends_at=micros(event.ends_at))


record = Record("appointments", Appointment, Row, fold, scope=BY_OWNER)
