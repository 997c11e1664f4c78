"""Appointments: in the agendas of all who take part, and held or cancelled once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from scenario import NOON, World, given

from aggregates import ReferenceTaken, Unknown
from aggregates.fieldwork.agenda import Agenda, AgendaEntered, AgendaLeft, Overlapping
from aggregates.fieldwork.appointment.events import (
    AppointmentCancelled,
    AppointmentHeld,
    AppointmentMoved,
    AppointmentPlanned,
    AppointmentReminded,
)
from aggregates.fieldwork.appointment.refusals import (
    AppointmentEnded,
    EndsBeforeItStarts,
    NotBegunYet,
    UnknownZone,
)
from commands.fieldwork.appointment import (
    CancelAppointment,
    ChangeAppointmentDetails,
    HoldAppointment,
    InviteToAppointment,
    MoveAppointment,
    PlanAppointment,
    ReassignAppointment,
    RemindOfAppointment,
)
from commands.organisation.rep import DismissRep, HireRep
from commands.organisation.settings import ChangeSettings

HOUR = timedelta(hours=1)
START = NOON + 24 * HOUR
WHO = "li", "sales", "east"
PLACE = None, None, None
planned = AppointmentPlanned(
    "Tour",
    None,
    "visit",
    *WHO,
    (),
    START,
    START + HOUR,
    "Asia/Shanghai",
    *PLACE,
    START - HOUR,
    (),
    None,
)
held = AppointmentHeld(*WHO, "visit", START, "sold", None)


def company(**settings: Any) -> World:
    world = World()
    for person, department in (("li", "sales"), ("wu", "service"), ("xu", "sales")):
        world.ask(HireRep(id=person, name=person, department=department, region="east"))
    if settings:
        world.ask(ChangeSettings(id="fieldwork.schedule", values=settings, reason="our way"))
    return world


def plan(id: str = "A", **more: Any) -> PlanAppointment:
    told = {"title": "Tour", "appointment_kind": "visit", "owner": "li"}
    return PlanAppointment(
        **{"id": id, **told, "starts_at": START, "ends_at": START + HOUR, **more}
    )


def entries(world: World, person: str) -> list[str]:
    agenda: Agenda = world.load(Agenda, person)
    return sorted(agenda.entries)


def test_an_appointment_is_in_the_agendas_of_all_who_take_part() -> None:
    world = company()
    first, *agendas = world.ask(plan(participants=("wu", "li", "wu")))
    assert first == replace(planned, participants=("wu",))
    assert [(type(one), one.department) for one in agendas] == [
        (AgendaEntered, "sales"),
        (AgendaEntered, "service"),
    ]
    assert entries(world, "li") == entries(world, "wu") == ["A"]
    world.ask(InviteToAppointment(id="A", participants=("xu",)))
    assert [entries(world, one) for one in ("li", "wu", "xu")] == [["A"], [], ["A"]]
    assert world.ask(CancelAppointment(id="A", reason="rain")) == (
        AppointmentCancelled(*WHO, "visit", "rain"),
        AgendaLeft("A"),
        AgendaLeft("A"),
    )
    assert entries(world, "li") == entries(world, "xu") == []


def test_an_agenda_follows_what_an_appointment_becomes() -> None:
    world = company()
    world.ask(plan(), ChangeAppointmentDetails(id="A", title="Tasting", place="the shop"))
    entry = world.load(Agenda, "li").entries["A"]
    assert (entry.title, entry.place) == ("Tasting", "the shop")
    later = START + 5 * HOUR
    world.ask(MoveAppointment(id="A", starts_at=later, ends_at=later + HOUR))
    assert world.load(Agenda, "li").entries["A"].starts_at == later
    world.ask(ReassignAppointment(id="A", owner="wu", reason="ill"))
    assert (entries(world, "li"), entries(world, "wu")) == ([], ["A"])
    world.ask(HoldAppointment(id="A"), at=later)
    assert entries(world, "wu") == ["A"]


def test_a_handover_to_somebody_who_takes_part_makes_no_second_place_of_hers() -> None:
    world = company()
    world.ask(plan(participants=("wu",)), ReassignAppointment(id="A", owner="wu", reason="ill"))
    assert entries(world, "wu") == ["A"]
    world.ask(CancelAppointment(id="A", reason="rain"))
    assert entries(world, "wu") == []


def test_an_overlap_is_told_refused_or_not_looked_for_as_the_company_says() -> None:
    half = START + HOUR / 2
    other = plan("B", owner="wu", participants=("li",), starts_at=half, ends_at=half + HOUR)
    world = company()
    world.ask(plan())
    assert world.ask(other)[0].overlaps == ("A",)  # type: ignore[attr-defined]
    world = company(overlap="refuse")
    world.ask(plan())
    said = world.refuses(other, Overlapping)
    assert "li has the appointment A from 2026-03-03T20:00:00+08:00" in said
    world = company(overlap="allow")
    world.ask(plan())
    assert world.ask(other)[0].overlaps == ()  # type: ignore[attr-defined]


def test_what_follows_at_once_does_not_overlap() -> None:
    world = company(overlap="refuse")
    world.ask(plan(), plan("B", starts_at=START + HOUR, ends_at=START + 2 * HOUR))
    moved = MoveAppointment(id="B", starts_at=START + HOUR / 2, ends_at=START + HOUR)
    world.refuses(moved, Overlapping)
    world.ask(MoveAppointment(id="A", starts_at=START - HOUR / 2, ends_at=START + HOUR / 2))
    world.ask(moved)
    both = plan("C", owner="wu", starts_at=START, ends_at=START + HOUR / 2)
    world.ask(both)
    world.refuses(InviteToAppointment(id="C", participants=("li",)), Overlapping)
    world.refuses(ReassignAppointment(id="C", owner="li", reason="ill"), Overlapping)


def test_what_is_long_over_leaves_the_agenda_when_the_next_is_planned() -> None:
    world = company()
    world.ask(plan())
    late = START + timedelta(days=40)
    world.ask(plan("B", starts_at=late, ends_at=late + HOUR), at=late - HOUR)
    assert entries(world, "li") == ["B"]


def test_an_appointment_lasts_for_some_time_by_a_clock_that_there_is() -> None:
    company().refuses(plan(ends_at=START), EndsBeforeItStarts)
    company().refuses(plan(zone="Mars/Olympus"), UnknownZone)
    given(planned).when(ChangeAppointmentDetails(id="A", zone="../x")).refused(UnknownZone)
    given(planned).when(MoveAppointment(id="A", starts_at=START, ends_at=NOON)).refused(
        EndsBeforeItStarts
    )


def test_only_who_works_here_takes_part() -> None:
    world = company()
    world.ask(DismissRep(id="xu", reason="retired"))
    world.refuses(plan(owner="xu"), Unknown)
    world.refuses(plan(participants=("xu",)), Unknown)
    world.ask(plan())
    world.refuses(InviteToAppointment(id="A", participants=("xu",)), Unknown)


def test_people_are_reminded_once_before_it_begins() -> None:
    remind = RemindOfAppointment(id="A")
    reminded = AppointmentReminded("li", (), "Tour", START)
    given(planned).when(remind, at=START - 2 * HOUR).then()
    given(planned).when(remind, at=START - HOUR).then(reminded)
    given(planned, reminded).when(remind, at=START - HOUR).then()
    given(planned).when(remind, at=START).then()
    moved = AppointmentMoved(
        START, START + HOUR, START + HOUR, START + 2 * HOUR, START, (), None, None
    )
    given(planned, reminded, moved).when(remind, at=START).then(
        replace(reminded, starts_at=START + HOUR)
    )


def test_what_has_not_begun_was_not_held() -> None:
    hold = HoldAppointment(id="A", result="sold")
    given(planned).when(hold, at=START - HOUR).refused(NotBegunYet)
    world = company()
    world.ask(plan())
    assert world.ask(hold, at=START) == (held,)


@pytest.mark.parametrize(
    "command",
    [
        ChangeAppointmentDetails(id="A", title="Ask"),
        InviteToAppointment(id="A", participants=("wu",)),
        MoveAppointment(id="A", starts_at=START, ends_at=START + 2 * HOUR),
        ReassignAppointment(id="A", owner="wu", reason="ill"),
        CancelAppointment(id="A", reason="rain"),
    ],
)
def test_what_was_held_stays_as_it_was(command: Any) -> None:
    world = company()
    world.ask(plan())
    world.refuses(HoldAppointment(id="B"), Unknown)
    world.ask(HoldAppointment(id="A", result="sold"), at=START)
    world.refuses(command, AppointmentEnded)
    world.refuses(HoldAppointment(id="A", result="lost"), ReferenceTaken)
