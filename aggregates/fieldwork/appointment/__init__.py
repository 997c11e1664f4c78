"""An appointment is a time that people set aside, until it was held or cancelled."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, ClassVar, Literal, NamedTuple, Self

from aggregates import Aggregate, Unknown, refuse_unequal, repeats
from aggregates.assignee import Assignee
from aggregates.fieldwork.appointment import refusals
from aggregates.fieldwork.appointment.events import (
    AppointmentCancelled,
    AppointmentDetailsChanged,
    AppointmentEvent,
    AppointmentHeld,
    AppointmentMoved,
    AppointmentParticipantsChanged,
    AppointmentPlanned,
    AppointmentReassigned,
    AppointmentReminded,
)

NEVER = datetime.min.replace(tzinfo=UTC)


class AppointmentDetails(NamedTuple):
    """What an appointment is about, as it is now."""

    title: str = ""
    text: str | None = None
    appointment_kind: str = "visit"
    zone: str = ""
    place: str | None = None
    customer: str | None = None
    opportunity: str | None = None


class Overlaps(NamedTuple):
    """Which other appointments it overlaps, by which version of the settings."""

    appointments: tuple[str, ...] = ()
    settings: str | None = None


@dataclass(frozen=True)
class Appointment(Aggregate):
    kind: ClassVar[str] = "appointment"

    planned: AppointmentPlanned | None = None  # as it was at first, to know a repeat
    status: Literal["", "planned", "held", "cancelled"] = ""
    details: AppointmentDetails = field(default_factory=AppointmentDetails)
    who: Assignee = field(default_factory=Assignee)
    participants: tuple[str, ...] = ()
    starts_at: datetime = NEVER
    ends_at: datetime = NEVER
    remind_at: datetime | None = None
    moved: str | None = None  # why, the last time
    handed_over: str | None = None  # why, the last time
    end: tuple[str | None, str | None] = (None, None)  # result and check-in, or why not

    def plan(self, appointment: AppointmentPlanned) -> Iterator[AppointmentEvent]:
        if not repeats(self.planned, appointment, but=("overlaps", "settings", "remind_at")):
            _lasts(appointment.starts_at, appointment.ends_at)
            refusals.known_zone(appointment.zone)
            yield appointment

    def change(self, **told: Any) -> Iterator[AppointmentEvent]:
        """Change what is told of its details, and keep the rest."""
        self.live()
        after = self.details._replace(**told)
        if after != self.details:
            refusals.known_zone(after.zone)
            yield AppointmentDetailsChanged(*after)  # type: ignore[arg-type]

    def invite(
        self, participants: tuple[str, ...], overlaps: Overlaps
    ) -> Iterator[AppointmentEvent]:
        self.live()
        if participants != self.participants:
            yield AppointmentParticipantsChanged(participants, *overlaps)

    def move(
        self,
        when: tuple[datetime, datetime],
        reason: str | None,
        remind_at: datetime | None,
        overlaps: Overlaps,
    ) -> Iterator[AppointmentEvent]:
        self.live()
        before = self.starts_at, self.ends_at
        if (when, reason) != (before, self.moved):
            _lasts(*when)
            yield AppointmentMoved(
                *before, *when, remind_at, overlaps.appointments, reason, overlaps.settings
            )

    def reassign(
        self, who: Assignee, reason: str, overlaps: Overlaps
    ) -> Iterator[AppointmentEvent]:
        self.live()
        if (who, reason) != (self.who, self.handed_over):
            yield AppointmentReassigned(
                *self.who, *who, overlaps.appointments, reason, overlaps.settings
            )

    def hold(
        self, result: str | None, check_in: str | None, at: datetime
    ) -> Iterator[AppointmentEvent]:
        if self.status == "held":
            before = self.end
            refuse_unequal(("result", before[0], result), ("check_in", before[1], check_in))
            return
        self.live()
        if at < self.starts_at:
            raise refusals.not_begun_yet(self.starts_at, at)
        kind: Any = self.details.appointment_kind
        yield AppointmentHeld(*self.who, kind, self.starts_at, result, check_in)

    def cancel(self, reason: str) -> Iterator[AppointmentEvent]:
        if self.status == "cancelled":
            refuse_unequal(("reason", self.end[0], reason))
            return
        self.live()
        kind: Any = self.details.appointment_kind
        yield AppointmentCancelled(*self.who, kind, reason)

    def remind(self, at: datetime) -> Iterator[AppointmentEvent]:
        """People are reminded once of each time at which it is to begin."""
        if self.remind_at is not None and self.remind_at <= at < self.starts_at:
            title = self.details.title
            yield AppointmentReminded(self.who.owner, self.participants, title, self.starts_at)

    @property
    def people(self) -> tuple[str, ...]:
        """All who take part, its owner first."""
        return self.who.owner, *self.participants

    def live(self) -> None:
        if self.planned is None:
            raise Unknown(
                "There is no such appointment. Plan it first.", "没有这项日程。请先安排。"
            )
        if self.status != "planned":
            raise refusals.ended(self.status, self.end[0])

    @property
    def dimensions(self) -> Mapping[str, str]:
        return self.who._asdict()

    def evolve(self, event: AppointmentEvent) -> Self:
        match event:
            case AppointmentPlanned():
                born = replace(self, planned=event, status="planned", details=_details(event))
                born = replace(born, who=Assignee.of(event), participants=event.participants)
                return replace(born, **_when(event))
            case AppointmentDetailsChanged():
                return replace(self, details=_details(event))
            case AppointmentParticipantsChanged(participants):
                return replace(self, participants=participants)
            case AppointmentMoved(reason=reason):
                return replace(self, **_when(event), moved=reason)
            case AppointmentReassigned(reason=reason):
                others = tuple(one for one in self.participants if one != event.owner)
                who = Assignee.of(event)
                return replace(self, who=who, participants=others, handed_over=reason)
            case AppointmentHeld(result=result, check_in=check_in):
                return replace(self, status="held", end=(result, check_in), remind_at=None)
            case AppointmentCancelled(reason=reason):
                return replace(self, status="cancelled", end=(reason, None), remind_at=None)
            case AppointmentReminded():
                return replace(self, remind_at=None)


def _lasts(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise refusals.ends_before_it_starts(starts_at, ends_at)
    if ends_at - starts_at > refusals.LONGEST:
        raise refusals.lasts_too_long(starts_at)


def _details(event: AppointmentPlanned | AppointmentDetailsChanged) -> AppointmentDetails:
    return AppointmentDetails(*(getattr(event, name) for name in AppointmentDetails._fields))


def _when(event: AppointmentPlanned | AppointmentMoved) -> dict[str, Any]:
    return {name: getattr(event, name) for name in ("starts_at", "ends_at", "remind_at")}
