"""Agendas as iCalendar files, which calendar programs read and subscribe to."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import FastAPI, Path, Query, Response
from icalendar import Calendar, Event

from projections.engine import record_by_id
from projections.fieldwork.agenda import AgendaEntry, record
from services.access import request_notes
from services.access.actions import reading
from services.api import freshness, schemas
from services.api.asking import Fresh, ReadQuery
from services.api.asking_records import unknown
from services.api.freshness import ReadContext
from services.api.guards import needs
from services.api.records import check_reached
from services.bootstrap import Platform

MEDIA_TYPE = "text/calendar"
FOUND: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}
}
Person = Annotated[str, Path(max_length=200, pattern=r"^[^\x00/]+$")]


def calendar_of(person: str, agenda: Mapping[str, Any]) -> bytes:
    """All that stands in an agenda, each at the time of its own zone."""
    made = Calendar()
    made.add("prodid", "-//Distributary//Agenda//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", person)
    for entry in agenda["entries"]:
        made.add_component(_event(entry, agenda["recorded_at"]))
    made.add_missing_timezones()
    content: bytes = made.to_ical()
    return content


def _event(entry: AgendaEntry, changed: str) -> Event:
    made, zone = Event(), ZoneInfo(entry["zone"])
    made.add("uid", f"{entry['appointment']}@distributary")
    made.add("dtstamp", datetime.fromisoformat(changed))
    made.add("summary", entry["title"])
    made.add("categories", [entry["appointment_kind"]])
    for name, at in (("dtstart", entry["starts_at"]), ("dtend", entry["ends_at"])):
        made.add(name, datetime.fromisoformat(at).astimezone(zone))
    if entry["place"] is not None:
        made.add("location", entry["place"])
    return made


def add(app: FastAPI, platform: Platform) -> None:
    async def calendar(person: Person, asked: Annotated[Fresh, Query()]) -> Response:
        """The agenda of a person for a calendar program, with what was in the last month."""

        def take(seen: ReadContext) -> dict[str, Any]:
            check_reached(seen, record, person)
            found = record_by_id.one(seen.connection, record, person, seen.as_of)
            if found is None:
                raise unknown(record, person)
            request_notes.rows(record, [found])
            return found

        agenda = await freshness.read(platform, record, ReadQuery(**asked.model_dump()), take)
        headers = {"Content-Disposition": f'inline; filename="{person}.ics"'}
        return Response(calendar_of(person, agenda), media_type=MEDIA_TYPE, headers=headers)

    app.add_api_route(
        "/agendas/{person}/calendar.ics",
        calendar,
        tags=list[str | Enum](["records"]),
        dependencies=[needs(reading("agenda"))],
        response_class=Response,
        responses={**FOUND, **schemas.problems(400, 401, 404, 409, 503)},
        operation_id="agendas_calendar",
    )
