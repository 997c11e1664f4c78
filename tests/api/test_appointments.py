"""Appointments over HTTP: planned, reminded of, listed by day and team, held, and in calendars."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from virtual_days import Days

HOUR = 3_600
DAY = 24 * HOUR


def founded(api: Any) -> None:
    api.done("hire-rep", id="li", name="Li Na", department="sales", region="east")
    api.done("hire-rep", id="wu", name="Wu Gang", department="service", region="east")
    api.done("register-customer", id="C1", name="Corner", customer_kind="retailer", owner="li")


@pytest.fixture
def days(api: Any) -> Days:
    made = Days(api)
    founded(api)
    return made


def plan(api: Any, id: str, start: str, end: str, **more: Any) -> dict[str, Any]:
    told = {"title": "Tasting of the new teas", "appointment_kind": "visit", "owner": "li"}
    when = {"starts_at": f"2026-03-{start}:00+08:00", "ends_at": f"2026-03-{end}:00+08:00"}
    found: dict[str, Any] = api.done("plan-appointment", id=id, **{**told, **when, **more})
    return found


def events(api: Any, kind: str) -> list[dict[str, Any]]:
    return [one["data"] for one in api.get("/events", type=kind)["data"]]


@pytest.mark.capability("FW-07")
def test_a_visit_is_planned_reminded_of_moved_and_marked_as_done(days: Days) -> None:
    api = days.api
    plan(api, "A1", "03T10:00", "03T11:00", customer="C1", place="16 Nanjing Road")
    years = {"starts_at": "2026-03-03T10:00:00Z", "ends_at": "2028-03-03T10:00:00Z"}
    call = {"title": "Fair", "appointment_kind": "call", "owner": "li"}
    long = api.ask("plan-appointment", id="A9", **call, **years)
    assert (long.status_code, long.json()["refusal"]) == (409, "LastsTooLong")
    days.later(12 * HOUR)
    assert events(api, "AppointmentReminded") == []
    days.later(HOUR)
    (reminded,) = events(api, "AppointmentReminded")
    assert (reminded["owner"], reminded["starts_at"]) == ("li", "2026-03-03T10:00:00+08:00")
    moved = {"starts_at": "2026-03-04T10:00:00+08:00", "ends_at": "2026-03-04T12:00:00+08:00"}
    api.done("move-appointment", id="A1", **moved, reason="The buyer is away")
    early = api.ask("hold-appointment", id="A1")
    assert (early.status_code, early.json()["refusal"]) == (409, "NotBegunYet")
    days.later(DAY)
    assert len(events(api, "AppointmentReminded")) == 2
    days.later(DAY)
    api.done("hold-appointment", id="A1", result="They order 40 boxes", check_in="CI-7")
    api.feed()
    found = api.get("/appointments/A1")["data"]
    assert (found["status"], found["check_in"]) == ("held", "CI-7")
    assert found["starts_at"] == "2026-03-04T02:00:00.000000Z"
    timeline = [one["type"] for one in api.get("/customers/C1/timeline")["data"]]
    assert "AppointmentPlanned" in timeline


@pytest.mark.capability("FW-07")
def test_the_day_of_a_person_and_the_week_of_a_team_are_listed(days: Days) -> None:
    api = days.api
    plan(api, "A1", "03T10:00", "03T11:00")
    plan(api, "A2", "03T15:00", "03T16:00", participants=["wu"])
    plan(api, "A3", "05T09:00", "05T10:00", owner="wu", appointment_kind="call")
    plan(api, "A4", "12T09:00", "12T10:00")
    api.feed()
    day = {"starts_at.gte": "2026-03-02T16:00:00Z", "starts_at.lt": "2026-03-03T16:00:00Z"}
    week = {**day, "starts_at.lt": "2026-03-08T16:00:00Z"}

    def listed(**asked: str) -> list[str]:
        return [row["id"] for row in api.get("/appointments", sort="starts_at", **asked)["data"]]

    assert listed(owner="li", **day) == ["A1", "A2"]
    assert listed(department="sales", **week) == ["A1", "A2"]
    assert listed(region="east", **week) == ["A1", "A2", "A3"]
    agenda = api.get("/agendas/wu")["data"]["entries"]
    assert [(one["appointment"], one["organiser"]) for one in agenda] == [
        ("A2", "li"),
        ("A3", "wu"),
    ]


@pytest.mark.capability("FW-07")
def test_an_agenda_is_read_by_calendar_programs(days: Days) -> None:
    api = days.api
    plan(api, "A1", "03T10:00", "03T11:00", place="16 Nanjing Road; 2nd floor")
    plan(api, "A2", "04T10:00", "04T11:00", zone="Asia/Urumqi")
    api.done("cancel-appointment", id="A2", reason="rain")
    plan(api, "A3", "05T10:00", "05T11:00", zone="Asia/Urumqi")
    api.feed()
    answer = api.client.get("/agendas/li/calendar.ics", headers={"Accept": "text/calendar"})
    assert answer.headers["content-type"].startswith("text/calendar")
    first, last = Calendar.from_ical(answer.text).walk("VEVENT")
    assert (first["UID"], first["SUMMARY"]) == ("A1@distributary", "Tasting of the new teas")
    assert first["LOCATION"] == "16 Nanjing Road; 2nd floor"
    assert first["DTSTART"].dt == datetime(2026, 3, 3, 2, tzinfo=UTC)
    there = datetime(2026, 3, 5, 8, tzinfo=ZoneInfo("Asia/Urumqi"))
    assert (last["DTSTART"].dt, last["DTSTART"].params["TZID"]) == (there, "Asia/Urumqi")
    missing = api.client.get("/agendas/zhao/calendar.ics")
    assert missing.status_code == 404


def test_who_has_something_else_at_that_time_is_told_or_refused(days: Days) -> None:
    api = days.api
    plan(api, "A1", "03T10:00", "03T11:00")
    plan(api, "A2", "03T10:30", "03T11:30", owner="wu", participants=["li"])
    api.feed()
    assert api.get("/appointments/A2")["data"]["overlaps"] == ["A1"]
    values = {"overlap": "refuse"}
    api.done("change-settings", id="fieldwork.schedule", values=values, reason="No double visits")
    asked = {"starts_at": "2026-03-03T11:00:00+08:00", "ends_at": "2026-03-03T12:00:00+08:00"}
    refused = api.ask(
        "plan-appointment", id="A3", title="Call", appointment_kind="call", owner="li", **asked
    )
    assert (refused.status_code, refused.json()["refusal"]) == (409, "Overlapping")
    assert "li has the appointment A2" in refused.json()["detail"]


def test_appointments_are_numbered_and_found_on_either_database(both: Any) -> None:
    founded(both)
    told = {"appointment_kind": "meeting", "owner": "li", "participants": ["wu"]}
    for day, title in ((6, "Weekly meeting"), (7, "Tea market")):
        when = {"starts_at": f"2099-03-0{day}T09:00:00Z", "ends_at": f"2099-03-0{day}T10:00:00Z"}
        made = both.done("plan-appointment", title=title, **told, **when)
        assert made["id"].startswith("AP-")
    both.feed()
    assert [row["title"] for row in both.get("/appointments", q="market")["data"]] == ["Tea market"]
    assert len(both.get("/agendas/li")["data"]["entries"]) == 2
    assert both.client.get("/agendas/wu/calendar.ics").status_code == 200
