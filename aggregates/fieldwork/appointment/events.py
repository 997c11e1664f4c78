"""What happens to an appointment."""

from datetime import datetime
from typing import Annotated, Literal

from aggregates import Event
from aggregates.marks import names

AppointmentKind = Literal["visit", "call", "meeting"]
PLANNED = "planned"
People = Annotated[tuple[str, ...], names("rep")]
Appointments = Annotated[tuple[str, ...], names("appointment")]


class AppointmentPlanned(Event):
    """`overlaps` are other appointments of those who take part, where the settings say to warn;
    `settings` is their version, None are the defaults.
    """

    title: str
    text: str | None
    appointment_kind: AppointmentKind
    owner: str
    department: str
    region: str
    participants: People
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str | None
    customer: str | None
    opportunity: str | None
    remind_at: datetime | None
    overlaps: Appointments
    settings: str | None

    def recorded_under(self) -> str:
        return PLANNED


class AppointmentDetailsChanged(Event):
    """All details as they are from now on."""

    title: str
    text: str | None
    appointment_kind: AppointmentKind
    zone: str
    place: str | None
    customer: str | None
    opportunity: str | None


class AppointmentParticipantsChanged(Event):
    """All who take part besides its owner."""

    participants: People
    overlaps: Appointments
    settings: str | None


class AppointmentMoved(Event):
    """It is at another time."""

    from_starts_at: datetime
    from_ends_at: datetime
    starts_at: datetime
    ends_at: datetime
    remind_at: datetime | None
    overlaps: Appointments
    reason: str | None
    settings: str | None


class AppointmentReassigned(Event):
    """Handed over to another person; to the same one, it corrects the reason."""

    from_owner: str
    from_department: str
    from_region: str
    owner: str
    department: str
    region: str
    overlaps: Appointments
    reason: str
    settings: str | None


class AppointmentHeld(Event, anytime=True):
    """It took place; `check_in` names what shows that somebody was there."""

    owner: str
    department: str
    region: str
    appointment_kind: AppointmentKind
    starts_at: datetime
    result: str | None
    check_in: str | None


class AppointmentCancelled(Event, anytime=True):
    owner: str
    department: str
    region: str
    appointment_kind: AppointmentKind
    reason: str


class AppointmentReminded(Event):
    """All who take part are to be told that it will begin."""

    owner: str
    participants: People
    title: str
    starts_at: datetime


AppointmentEvent = (
    AppointmentPlanned
    | AppointmentDetailsChanged
    | AppointmentParticipantsChanged
    | AppointmentMoved
    | AppointmentReassigned
    | AppointmentHeld
    | AppointmentCancelled
    | AppointmentReminded
)
