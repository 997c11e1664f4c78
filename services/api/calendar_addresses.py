"""The private address of one's own calendar: shown once, kept as a digest, ended at any time."""

from enum import Enum
from typing import Annotated, Any

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool

from aggregates.organisation.account import Account
from infra.access_log import AccessLog
from infra.clock import iso
from infra.keys import CALENDAR, OWN_CALENDAR, ApiKey
from services.access.actions import reading
from services.access.permissions import Granted
from services.api import schemas, schemas_access
from services.api.calendars import person_of
from services.api.credentials import Credentials, SignedIn
from services.api.guards import needs, signed_in
from services.api.json_answer import json_answer
from services.api.keys import check_end
from services.api.secret_paths import path_of

PATH = "/calendar-address"
LABEL = "calendar"
Granting = Annotated[Granted, signed_in()]


class CalendarAddressRoutes:
    """An address is a key that reads the agenda of its account's person, and nothing else."""

    def __init__(self, credentials: Credentials, log: AccessLog) -> None:
        self.credentials, self.keys, self.log = credentials, credentials.keys, log

    async def one(self, granted: Granting) -> Response:
        """Whether one's own calendar has an address, and when it was last read by it."""
        person = person_of(granted)
        return json_answer(_shown(person, await run_in_threadpool(self._living, granted.actor)))

    async def new(self, request: Request, granted: Granting) -> Response:
        """Make the private address of one's own calendar, and show it this once.

        Whoever has it reads the agenda, and nothing else. The one before ends.
        """
        person, by = person_of(granted), request.scope["signed_in"]
        made, url = await run_in_threadpool(self._make, by)
        self._note(request, "calendar-address-made")
        origin = self.credentials.addresses.origin(request.scope, dict(request.scope["headers"]))
        return json_answer({**_shown(person, made), "url": f"{origin}{url}"}, 201)

    async def end(self, request: Request, granted: Granting) -> Response:
        """End the address: within five seconds nobody reads the calendar by it."""
        if await run_in_threadpool(self._end, granted.actor):
            self._note(request, "calendar-address-ended")
        return Response(status_code=204)

    def _living(self, account: str) -> ApiKey | None:
        now = self.keys.database.clock.now()
        every = (one for one in self.keys.every(account) if one.lives(now))
        return next((one for one in every if one.scopes == OWN_CALENDAR), None)

    def _make(self, by: SignedIn) -> tuple[ApiKey | None, str]:
        check_end(self.keys, by, None)
        self._end(by.actor)
        secret = self.keys.new(by.actor, label=LABEL, scopes=OWN_CALENDAR, prefix=CALENDAR)
        return self._living(by.actor), path_of(secret)

    def _end(self, account: str) -> bool:
        found = self._living(account)
        if found is None:
            return False
        self.keys.revoke_one(found.id)
        self.credentials.forget()
        return True

    def _note(self, request: Request, kind: str) -> None:
        scope = request.scope
        address = self.credentials.addresses.address(scope, dict(scope["headers"]))
        self.log.note(kind, scope["actor"], about=[Account.stream(scope["actor"])], address=address)


def _shown(person: str, found: ApiKey | None) -> dict[str, Any]:
    used = None if found is None else found.last_used_at
    return {
        "person": person,
        "made_at": None if found is None else iso(found.created_at),
        "last_used_at": None if used is None else iso(used),
    }


def add(app: FastAPI, credentials: Credentials, log: AccessLog) -> None:
    routes, tags = CalendarAddressRoutes(credentials, log), list[str | Enum](["access"])

    def route(method: str, do: Any, status: int, **more: Any) -> None:
        app.add_api_route(
            PATH,
            do,
            methods=[method],
            tags=tags,
            status_code=status,
            dependencies=[needs(reading("agenda"))],
            responses=schemas.problems(400, 401, 403, 404, 503),
            **more,
        )

    route("GET", routes.one, 200, response_model=schemas_access.CalendarAddress)
    route("POST", routes.new, 201, response_model=schemas_access.MadeCalendarAddress)
    route("DELETE", routes.end, 204, response_class=Response)
