"""Agendas as iCalendar files, which calendar programs read and subscribe to."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import FastAPI, Path, Query, Request, Response
from icalendar import Calendar, Event
from starlette.concurrency import run_in_threadpool

from infra.attempts import Attempts, Subject
from infra.clock import iso
from projections.engine import record_by_id
from projections.fieldwork.agenda import AgendaEntry, record
from services.access import request_notes
from services.access.actions import reading
from services.access.permissions import Granted
from services.access.request_notes import NOTES
from services.api import freshness, schemas
from services.api.asking import Fresh, ReadQuery
from services.api.asking_records import unknown
from services.api.credentials import SignedIn
from services.api.freshness import ReadContext
from services.api.guards import needs, signed_in
from services.api.problems import Problem
from services.api.records import check_reached
from services.api.secret_paths import OWN
from services.bootstrap import Platform

MEDIA_TYPE = "text/calendar"
FOUND: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}
}
OFTEN, PAUSE = 60, 10
"""An address is read so often, and then once in so many seconds, until a day has passed without."""
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


def person_of(granted: Granted) -> str:
    """The person whose account asks, and whose agenda is her own."""
    if granted.rights is not None and granted.rights.person is not None:
        return granted.rights.person
    raise Problem(
        "not-found",
        (
            f"The account {granted.actor} is no person's, and only persons have an agenda. Sign in"
            " with the account of a person.",
            f"账号 {granted.actor} 不属于任何人员，只有人员才有日程。请使用人员的账号登录。",
        ),
    )


class CalendarRoutes:
    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    async def of_person(self, person: Person, asked: Annotated[Fresh, Query()]) -> Response:
        """The agenda of a person for a calendar program, with what was in the last month."""
        found = await self._read(person, asked)
        if found is None:
            raise unknown(record, person)
        return _answer(person, found)

    async def own(
        self,
        request: Request,
        asked: Annotated[Fresh, Query()],
        granted: Annotated[Granted, signed_in()],
    ) -> Response:
        """One's own agenda for a calendar program; empty where nothing was ever planned.

        Also answered, without a key, at the private address that `POST /calendar-address` makes.
        """
        by: SignedIn | None = request.scope.get("signed_in")
        if by is not None and by.by == "calendar" and by.key is not None:
            await run_in_threadpool(self._count, by.key)
            if (notes := NOTES.get()) is not None:
                notes.note("calendar-read", {"key": by.key})
        person = person_of(granted)
        found = await self._read(person, asked)
        nothing = {"entries": (), "recorded_at": iso(self.platform.database.clock.now())}
        return _answer(person, nothing if found is None else found)

    def _count(self, key: str) -> None:
        """Whoever has got hold of an address cannot keep the platform busy by it."""
        counted = Subject(f"calendar:{key}", OFTEN, PAUSE, PAUSE)
        if seconds := Attempts(self.platform.database).begin([counted]):
            after = {"Retry-After": str(seconds)}
            raise Problem("too-many-reads", headers=after, seconds=seconds)

    async def _read(self, person: str, asked: Fresh) -> dict[str, Any] | None:
        def take(seen: ReadContext) -> dict[str, Any]:
            found = record_by_id.one(seen.connection, record, person, seen.as_of)
            if found is not None:
                check_reached(seen, record, person)
                request_notes.rows(record, [found])
            return {"agenda": found}

        question = ReadQuery(**asked.model_dump())
        answer = await freshness.read(self.platform, record, question, take)
        found: dict[str, Any] | None = answer["agenda"]
        return found


def _answer(person: str, agenda: Mapping[str, Any]) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{person}.ics"'}
    return Response(calendar_of(person, agenda), media_type=MEDIA_TYPE, headers=headers)


def add(app: FastAPI, platform: Platform) -> None:
    routes = CalendarRoutes(platform)

    def route(path: str, do: Any, tag: str, name: str, *wrong: int) -> None:
        app.add_api_route(
            path,
            do,
            tags=list[str | Enum]([tag]),
            dependencies=[needs(reading("agenda"))],
            response_class=Response,
            responses={**FOUND, **schemas.problems(400, 401, 404, 409, 503, *wrong)},
            operation_id=name,
        )

    route("/agendas/{person}/calendar.ics", routes.of_person, "records", "agendas_calendar")
    route(OWN, routes.own, "access", "own_calendar", 429)
