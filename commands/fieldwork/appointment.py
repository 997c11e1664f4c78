"""What may be asked about appointments."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field
from pydantic import StringConstraints as Constraints

from aggregates import Aggregate, Event
from aggregates.calendar import zone
from aggregates.fieldwork.appointment import Appointment, AppointmentDetails
from aggregates.fieldwork.appointment.events import (
    PLANNED,
    AppointmentEvent,
    AppointmentKind,
    AppointmentPlanned,
)
from aggregates.fieldwork.numbers import AppointmentNumbers
from aggregates.fieldwork.planning import ScheduleSettings
from commands import Command, Decision, Id, Instant, Load, Text, registers
from commands.business import assignee, together
from commands.change import Change, Kept
from commands.fields import LongText, each_once
from commands.fieldwork.agenda import entered, overlaps
from commands.numbers import Numbered
from commands.settings import in_force

DETAILS = AppointmentDetails._fields
NAMED = {"customer", "opportunity"}
"""What an appointment may be about."""


ZoneName = Annotated[str, Constraints(min_length=1, max_length=64)]
Participants = Annotated[tuple[Id, ...], Field(max_length=100), AfterValidator(each_once)]
INVITED = Field((), description="Others who take part; it is in their agendas as well.")
ENDS = Field(description="The instant at which it ends.")


def _planned(state: Appointment) -> bool:
    return state.status == "planned"


class AppointmentCommand(Command):
    """A request about one appointment, which the agendas of those who take part follow."""

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        before: Appointment = load(Appointment, self.id)
        happened = False
        for event in self.decided(load, before, at):
            happened = True
            yield self.stream, event
        if happened:
            yield from entered(load, self.id, before, at)

    def decided(self, load: Load, state: Appointment, at: datetime) -> Iterator[Event]:
        """What happens to the appointment itself."""
        yield from self.decide(state, at)


class PlanAppointment(Numbered, AppointmentCommand, of=Appointment):
    """Plan a visit, a call or a meeting of a person; those who take part are reminded of it."""

    numbers = AppointmentNumbers

    title: Text
    text: LongText | None = None
    appointment_kind: AppointmentKind
    owner: Id = Field(description="Whose appointment it is.")
    participants: Participants = INVITED
    starts_at: Instant
    ends_at: Instant = ENDS
    zone: ZoneName | None = Field(
        None, description="Where the clock is that it goes by: the company's, unless told."
    )
    place: Text | None = None
    customer: Id | None = Field(None, description="Whom it is with: it is in the timeline.")
    opportunity: Id | None = None

    def apart(self, load: Load, _: str) -> str:
        return assignee(load, self.owner).department

    def decided(self, load: Load, state: Appointment, at: datetime) -> Iterator[AppointmentEvent]:
        if state.planned is not None:
            load.event(Appointment, self.id, PLANNED)  # so that the answer tells of it
            return state.plan(replace(state.planned, **self._told(state.planned.zone)))
        who = assignee(load, self.owner)
        _about(load, self.customer, self.opportunity)
        others = _others(load, self.owner, self.participants)
        settings = in_force(load, ScheduleSettings, at).settings
        found = overlaps(load, self.id, (self.owner, *others), (self.starts_at, self.ends_at), at)
        return state.plan(
            AppointmentPlanned(
                **self._told(zone()) | who._asdict(),
                remind_at=settings.remind_at(self.starts_at, at),
                overlaps=found.appointments,
                settings=found.settings,
            )
        )

    def _told(self, unless_told: str) -> dict[str, Any]:
        names = *DETAILS, "owner", "starts_at", "ends_at"
        told = {name: getattr(self, name) for name in names}
        others = tuple(one for one in self.participants if one != self.owner)
        return {**told, "participants": others, "zone": self.zone or unless_told}


class ChangeAppointmentDetails(AppointmentCommand, Change, of=Appointment, when=_planned):
    """Correct what an appointment is about; what is left out stays, and null clears it."""

    title: Kept[Text] = None
    text: LongText | None = None
    appointment_kind: Kept[AppointmentKind] = None
    zone: Kept[ZoneName] = None
    place: Text | None = None
    customer: Id | None = None
    opportunity: Id | None = None

    def decided(self, load: Load, state: Appointment, at: datetime) -> Iterator[AppointmentEvent]:
        told = self.told(*DETAILS)
        if NAMED & told.keys():
            _about(load, *(told.get(name, getattr(state.details, name)) for name in sorted(NAMED)))
        return state.change(**told)


class InviteToAppointment(AppointmentCommand, of=Appointment, when=_planned):
    """Say who takes part in an appointment besides its owner; who is left out does no more."""

    participants: Participants

    def decided(self, load: Load, state: Appointment, at: datetime) -> Iterator[AppointmentEvent]:
        state.live()
        others = _others(load, state.who.owner, self.participants)
        new = tuple(one for one in others if one not in state.participants)
        when = state.starts_at, state.ends_at
        return state.invite(others, overlaps(load, self.id, new, when, at))


class MoveAppointment(AppointmentCommand, of=Appointment, when=_planned):
    """Move an appointment to another time, or correct why it was moved."""

    starts_at: Instant
    ends_at: Instant = ENDS
    reason: Text | None = None

    def decided(self, load: Load, state: Appointment, at: datetime) -> Iterator[AppointmentEvent]:
        state.live()
        when = self.starts_at, self.ends_at
        remind_at = in_force(load, ScheduleSettings, at).settings.remind_at(self.starts_at, at)
        found = overlaps(load, self.id, state.people, when, at)
        return state.move(when, self.reason, remind_at, found)


class ReassignAppointment(AppointmentCommand, of=Appointment, when=_planned):
    """Hand an appointment over to another person."""

    owner: Id
    reason: Text

    def decided(self, load: Load, state: Appointment, at: datetime) -> Iterator[AppointmentEvent]:
        state.live()
        who, when = assignee(load, self.owner), (state.starts_at, state.ends_at)
        return state.reassign(who, self.reason, overlaps(load, self.id, (self.owner,), when, at))


class HoldAppointment(AppointmentCommand, of=Appointment, when=_planned):
    """Say that an appointment took place, and what came of it."""

    result: LongText | None = None
    check_in: Id | None = Field(None, description="What shows that somebody was there.")

    @classmethod
    def possible(cls, load: Load, id: str, at: datetime) -> bool:
        state: Appointment = load(Appointment, id)
        return cls.applies(state) and state.starts_at <= at

    def decide(self, state: Appointment, at: datetime) -> Iterator[AppointmentEvent]:
        return state.hold(self.result, self.check_in, at)


class CancelAppointment(AppointmentCommand, of=Appointment, when=_planned):
    """Call an appointment off, and say why."""

    reason: Text

    def decide(self, state: Appointment, at: datetime) -> Iterator[AppointmentEvent]:
        return state.cancel(self.reason)


class RemindOfAppointment(Command):
    """Remind those who take part in an appointment that it will begin.

    Declared without `of`: it is for the process to ask.
    """

    aggregate: ClassVar[type[Aggregate]] = Appointment

    def decide(self, state: Appointment, at: datetime) -> Iterator[AppointmentEvent]:
        return state.remind(at)


def _others(load: Load, owner: str, people: tuple[str, ...]) -> tuple[str, ...]:
    """Those who take part besides the owner, all of whom must work here."""
    others = tuple(one for one in people if one != owner)
    for person in others:
        registers.person(load, person)
    return others


def _about(load: Load, customer: str | None, opportunity: str | None) -> None:
    registers.customer(load, customer)
    registers.opportunity(load, opportunity)
    together(load, customer, opportunity=opportunity)
