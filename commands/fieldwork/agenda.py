"""How the agendas of people follow their appointments, and what overlaps in them."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from aggregates.fieldwork.agenda import Agenda, AgendaEntered
from aggregates.fieldwork.appointment import Appointment, Overlaps
from aggregates.fieldwork.planning import ScheduleSettings
from aggregates.organisation.rep import Rep
from commands import Decision, Load
from commands.settings import in_force


def overlaps(
    load: Load,
    id: str,
    people: Iterable[str],
    when: tuple[datetime, datetime],
    at: datetime,
) -> Overlaps:
    """Which other appointments these people have at that time: told, refused or not looked for,
    as the settings say.
    """
    settings, version = in_force(load, ScheduleSettings, at)
    found = dict[str, None]()
    for person in people if settings.overlap != "allow" else ():
        agenda: Agenda = load(Agenda, person)
        for other in agenda.overlapping(*when, but=id):
            if settings.overlap == "refuse":
                agenda.refuse_overlap(person, other)
            found[other] = None
    return Overlaps(tuple(found), version)


def entered(load: Load, id: str, before: Appointment, at: datetime) -> Iterator[Decision]:
    """The agendas follow an appointment: of those who take part, and who did `before`."""
    state: Appointment = load(Appointment, id)
    people = state.people if state.status != "cancelled" else ()
    for person in dict.fromkeys((*(before.people if before.planned else ()), *state.people)):
        agenda: Agenda = load(Agenda, person)
        if person in people:
            events = agenda.enter(_entry(load, id, state, person, at))
        else:
            events = agenda.leave(id)
        for event in events:
            yield Agenda.stream(person), event


def _entry(load: Load, id: str, state: Appointment, person: str, at: datetime) -> AgendaEntered:
    rep: Rep = load(Rep, person)
    what = state.details
    return AgendaEntered(
        id,
        what.title,
        what.appointment_kind,
        state.starts_at,
        state.ends_at,
        what.zone,
        what.place,
        what.customer,
        state.who.owner,
        rep.department,
        rep.region,
        at,
    )
